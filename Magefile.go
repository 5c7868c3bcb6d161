//go:build mage

// The targets that build, check and show Stakes. List them with: go tool mage -l
package main

import (
	"archive/zip"
	"crypto/sha1" //nolint:gosec // the plugin catalogue asks for this checksum
	"debug/buildinfo"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/build"
	"github.com/magefile/mage/mg"
	"github.com/magefile/mage/sh"

	"github.com/stakes-slo/stakes-slo-datasource/internal/validator"
)

// Default is what "go tool mage" without a target does.
var Default = Build

const (
	pluginID    = "stakes-slo-datasource"
	staticcheck = "honnef.co/go/tools/cmd/staticcheck@v0.7.0"
	cyclonedx   = "github.com/CycloneDX/cyclonedx-gomod/cmd/cyclonedx-gomod@v1.9.0"
	govulncheck = "golang.org/x/vuln/cmd/govulncheck@v1.9.0"
)

func init() {
	// plugin.json is at the top level, not in src.
	err := build.SetBeforeBuildCallback(func(cfg build.Config) (build.Config, error) {
		cfg.PluginJSONPath = "."
		return cfg, nil
	})
	if err != nil {
		panic(err)
	}
}

// Build makes the plugin for this machine: frontend and backend, into dist/.
func Build() error {
	return timed("Built the plugin into dist/", frontend, Backend)
}

// Check runs everything that must hold: formatting, vet, staticcheck, types, lint,
// all tests, and the rules of Grafana's plugin validator on the built plugin.
func Check() error {
	return timed("All checks passed: formatting, vet, staticcheck, TypeScript types, eslint, jest, build, bill of materials, known vulnerabilities, Go tests of the plugin and of the demo",
		formatting, vet, install, types, lint, jest, frontend, Backend, SBOM, Vulnerabilities, goTests, demoTests)
}

// Demo builds the plugin, then shows it on sixty days of a shop's traffic in an
// embedded Prometheus, in the terminal and, where there is one, in Grafana. Flags
// of the demo can be given in STAKES_DEMO_FLAGS. Ctrl-C ends everything.
func Demo() error {
	if err := Build(); err != nil {
		return err
	}
	// Not "go run": the demo itself has to receive Ctrl-C and clean up.
	binary := filepath.Join("bin", "stakes-demo")
	if runtime.GOOS == "windows" {
		binary += ".exe"
	}
	say("demo")
	if err := sh.RunV("go", "build", "-C", "demo", "-o", binary, "."); err != nil {
		return err
	}
	return in("demo", "./"+binary, strings.Fields(os.Getenv("STAKES_DEMO_FLAGS"))...)
}

// Bench compares Stakes with the PromQL that a user would have written, on the
// same Prometheus in the same run.
func Bench() error {
	return timed("Benchmarks done", Backend, func() error {
		return sh.RunWithV(env("STAKES_BENCH=1"), "go", "test", "./internal/bench", "-run", "TestBench", "-v", "-count=1", "-timeout=30m")
	})
}

// Backtest judges the forecast against simpler methods on demand that it was not tuned
// on, and prints how often its bands held. What follows are CSV files of real demand:
// a time and a number of events. Without one, demand is made up.
func Backtest() error {
	files := following("backtest")
	arguments := append([]string{"run", "./internal/backtest/run"}, files...)
	err := timed("Back-test done", func() error { return sh.RunV("go", arguments...) })
	if err == nil && len(files) > 0 {
		os.Exit(0) // mage would take the files for the next targets
	}
	return err
}

// following are the arguments after that of a target.
func following(target string) []string {
	for i, argument := range os.Args {
		if i > 0 && strings.EqualFold(argument, target) {
			return os.Args[i+1:]
		}
	}
	return nil
}

// Package makes the zip that Grafana's plugin catalogue takes, for all platforms,
// and prints its checksum.
func Package() error {
	return timed("Packaged the plugin", frontend, func() error { build.BuildAll(); return nil }, packageZip, SBOM)
}

// Clean removes what builds made.
func Clean() error {
	return errors.Join(sh.Rm("dist"), sh.Rm("bin"), sh.Rm("coverage"), sh.Rm(filepath.Join("demo", "bin")))
}

// timed runs steps one after the other and says at the end what was done and how
// long it took.
func timed(what string, steps ...func() error) error {
	start := time.Now()
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	fmt.Printf("%s, in %s.\n", what, time.Since(start).Round(time.Second))
	return nil
}

// say announces a step.
func say(step string) { fmt.Println(">", step) }

func frontend() error {
	mg.Deps(install)
	say("frontend")
	return sh.RunV("npm", "run", "--silent", "build")
}

// Backend makes only the plugin's binary for this machine.
func Backend() error {
	say("backend")
	return build.Build{}.Custom(runtime.GOOS, runtime.GOARCH)
}

// SBOM writes down, as CycloneDX and with versions and checksums, which Go modules are in
// the plugin's binary (bin/stakes-slo-datasource.cdx.json), and which packages the frontend
// needs at run time (bin/stakes-slo-datasource-frontend.cdx.json): those in the bundle, and
// those that Grafana provides.
func SBOM() error {
	say("bill of materials")
	version, err := pluginVersion()
	if err != nil {
		return err
	}
	binary := filepath.Join("dist", fmt.Sprintf("gpx_stakes_slo_%s_%s", runtime.GOOS, runtime.GOARCH))
	if runtime.GOOS == "windows" {
		binary += ".exe"
	}
	file := filepath.Join("bin", pluginID+".cdx.json")
	if err := os.MkdirAll("bin", 0o755); err != nil {
		return err
	}
	if err := sh.Run("go", "run", cyclonedx, "bin", "-json", "-std", "-version", version, "-output", file, binary); err != nil {
		return err
	}
	if err := checkSBOM(file, binary); err != nil {
		return err
	}
	return frontendSBOM(filepath.Join("bin", pluginID+"-frontend.cdx.json"))
}

// frontendSBOM has npm write the frontend's bill of materials, and makes sure that every
// package that the bundle was made of is in it.
func frontendSBOM(file string) error {
	text, err := sh.Output("npm", "sbom", "--package-lock-only", "--omit=dev", "--sbom-format=cyclonedx", "--sbom-type=application")
	if err != nil {
		return err
	}
	if err := os.WriteFile(file, []byte(text+"\n"), 0o644); err != nil { //nolint:gosec // it is published
		return err
	}
	have, err := componentsOf(file)
	if err != nil {
		return err
	}
	bundled, err := bundledPackages()
	if err != nil {
		return err
	}
	for _, one := range bundled {
		if !have[one] {
			return fmt.Errorf("%s does not have %s, which is in dist/", file, one)
		}
	}
	fmt.Printf("  %s: %d components, %d of them in the bundle\n", file, len(have), len(bundled))
	return nil
}

// packageIn is the folder of a package in a path of a source map.
var packageIn = regexp.MustCompile(`node_modules/(?:.*/node_modules/)?(?:@[^/]+/)?[^/]+/`)

// bundledPackages are names and versions of the packages that the bundle was made of, as
// its source maps tell.
func bundledPackages() ([]string, error) {
	files, err := filepath.Glob(filepath.Join("dist", "*.js.map"))
	if err != nil {
		return nil, err
	}
	if len(files) == 0 {
		return nil, errors.New("there are no source maps in dist/; build the frontend first: go tool mage build")
	}
	found := map[string]bool{}
	for _, file := range files {
		var sources struct {
			Sources []string `json:"sources"`
		}
		if err := readJSON(file, &sources); err != nil {
			return nil, err
		}
		for _, source := range sources.Sources {
			folder := packageIn.FindString(source)
			if folder == "" {
				continue
			}
			var manifest struct{ Name, Version string }
			if err := readJSON(filepath.Join(filepath.FromSlash(folder), "package.json"), &manifest); err != nil {
				return nil, err
			}
			found[manifest.Name+" "+manifest.Version] = true
		}
	}
	return slices.Sorted(maps.Keys(found)), nil
}

func readJSON(file string, into any) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(text, into); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return nil
}

// componentsOf are names and versions of what is in a bill of materials.
func componentsOf(file string) (map[string]bool, error) {
	var bill struct {
		Format     string `json:"bomFormat"`
		Components []struct {
			Group   string `json:"group"`
			Name    string `json:"name"`
			Version string `json:"version"`
		} `json:"components"`
	}
	if err := readJSON(file, &bill); err != nil {
		return nil, err
	}
	if bill.Format != "CycloneDX" {
		return nil, fmt.Errorf("%s is of the format %q; expected CycloneDX", file, bill.Format)
	}
	have := map[string]bool{}
	for _, c := range bill.Components {
		name := c.Name
		if c.Group != "" {
			name = c.Group + "/" + name
		}
		have[name+" "+c.Version] = true
	}
	return have, nil
}

// checkSBOM makes sure that every module of a binary is in its bill of materials.
func checkSBOM(file, binary string) error {
	have, err := componentsOf(file)
	if err != nil {
		return err
	}
	info, err := buildinfo.ReadFile(binary)
	if err != nil {
		return err
	}
	for _, module := range info.Deps {
		if module.Replace != nil {
			module = module.Replace
		}
		if !have[module.Path+" "+module.Version] {
			return fmt.Errorf("%s does not have %s %s, which is in %s", file, module.Path, module.Version, binary)
		}
	}
	fmt.Printf("  %s: %d components\n", file, len(have))
	return nil
}

// Vulnerabilities looks for known vulnerabilities in what the plugin calls. Where the
// database cannot be reached it says so, and nothing fails.
func Vulnerabilities() error {
	say("known vulnerabilities")
	database := os.Getenv("GOVULNDB")
	if database == "" {
		database = "https://vuln.go.dev"
	}
	if strings.HasPrefix(database, "http") {
		client := http.Client{Timeout: 5 * time.Second}
		response, err := client.Get(database + "/index/db.json")
		if err != nil {
			fmt.Printf("  skipped: the database of vulnerabilities cannot be reached (%v)\n", err)
			return nil
		}
		_ = response.Body.Close()
		if response.StatusCode != http.StatusOK {
			fmt.Printf("  skipped: the database of vulnerabilities answers with HTTP %d\n", response.StatusCode)
			return nil
		}
	}
	return sh.RunV("go", "run", govulncheck, "-db", database, "./pkg")
}

// pluginVersion is the version in dist/plugin.json.
func pluginVersion() (string, error) {
	text, err := os.ReadFile(filepath.Join("dist", "plugin.json"))
	if err != nil {
		return "", err
	}
	var manifest struct {
		Info struct {
			Version string `json:"version"`
		} `json:"info"`
	}
	err = json.Unmarshal(text, &manifest)
	return manifest.Info.Version, err
}

// install installs the frontend's packages, unless those that are there are what
// the lock file says.
func install() error {
	marker := filepath.Join("node_modules", ".package-lock.json")
	if have, err := os.Stat(marker); err == nil {
		want, err := os.Stat("package-lock.json")
		if err == nil && !want.ModTime().After(have.ModTime()) {
			return nil
		}
	}
	say("frontend packages")
	return sh.RunV("npm", "ci", "--no-audit", "--no-fund")
}

func formatting() error {
	say("formatting")
	out, err := sh.Output("gofmt", "-l", "pkg", "internal", "demo", "testdata", "Magefile.go")
	if err != nil {
		return err
	}
	if out != "" {
		return fmt.Errorf("gofmt would change these files; run gofmt -w on them:\n%s", out)
	}
	return nil
}

func vet() error {
	say("vet and staticcheck")
	for _, dir := range []string{".", "demo"} {
		if err := in(dir, "go", "vet", "./..."); err != nil {
			return err
		}
		if err := in(dir, "go", "run", staticcheck, "./..."); err != nil {
			return err
		}
	}
	return nil
}

func types() error {
	say("TypeScript types")
	return sh.RunV("npm", "run", "--silent", "typecheck")
}

func lint() error {
	say("eslint and prettier")
	return sh.RunV("npm", "run", "--silent", "lint")
}

func jest() error {
	say("jest")
	return sh.RunV("npm", "run", "--silent", "test:ci")
}

// goTests runs after the build: it tests the built plugin too. Results are not
// taken from Go's cache (-count=1), which does not see that the binary changed.
func goTests() error {
	say("Go tests")
	return sh.RunWithV(env("STAKES_REQUIRE_DIST=1"), "go", "test", "-count=1", "./...")
}

func demoTests() error {
	say("Go tests of the demo")
	return sh.RunWithV(env("STAKES_REQUIRE_PLUGIN=1"), "go", "test", "-C", "demo", "-count=1", "./...")
}

// in runs a command in a folder.
func in(dir, command string, args ...string) error {
	here, err := os.Getwd()
	if err != nil {
		return err
	}
	if err := os.Chdir(dir); err != nil {
		return err
	}
	defer func() { _ = os.Chdir(here) }()
	return sh.RunV(command, args...)
}

func env(pairs ...string) map[string]string {
	out := map[string]string{}
	for _, pair := range pairs {
		key, value, _ := strings.Cut(pair, "=")
		out[key] = value
	}
	return out
}

// packageZip zips dist/ under the plugin's id.
func packageZip() error {
	version, err := pluginVersion()
	if err != nil {
		return err
	}
	name := fmt.Sprintf("%s-%s.zip", pluginID, version)
	file, err := os.Create(name)
	if err != nil {
		return err
	}
	sum := sha1.New() //nolint:gosec // as above
	archive := zip.NewWriter(io.MultiWriter(file, sum))
	err = filepath.WalkDir("dist", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		header, err := zip.FileInfoHeader(info)
		if err != nil {
			return err
		}
		inside, err := filepath.Rel("dist", path)
		if err != nil {
			return err
		}
		header.Name = filepath.ToSlash(filepath.Join(pluginID, inside))
		header.Method = zip.Deflate
		header.Modified = time.Time{} // the same input, the same zip
		w, err := archive.CreateHeader(header)
		if err != nil {
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		_, err = w.Write(content)
		return err
	})
	if err = errors.Join(err, archive.Close(), file.Close()); err != nil {
		return err
	}
	fmt.Printf("%s sha1 %x\n", name, sum.Sum(nil))
	return checkZip(name)
}

// checkZip holds the zip against the rules of Grafana's plugin validator.
func checkZip(name string) error {
	findings := validator.CheckZip(name)
	for _, finding := range findings {
		fmt.Println(finding)
	}
	if len(findings) > 0 {
		return fmt.Errorf("%s breaks %d rules of the plugin validator", name, len(findings))
	}
	return nil
}
