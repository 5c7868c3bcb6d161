// Package rooms holds the test that keeps the rooms of Stakes apart: which package
// may import which.
package rooms

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const module = "github.com/stakes-slo/stakes-slo-datasource/"

// rooms say what the code of a package may import beyond the standard library:
// rooms of our own, and other modules by their prefix. Pure rooms import neither a
// clock's package that reads it, nor anything that does I/O; see pure.
var rooms = map[string][]string{
	"pkg/slo":      {},
	"pkg/impact":   {module + "pkg/slo", "gonum.org/v1/gonum"},
	"pkg/words":    {module + "pkg/slo", module + "pkg/impact", "golang.org/x/text"},
	"pkg/forecast": {module + "pkg/slo", "gonum.org/v1/gonum"},
	"pkg/catalog":  {module + "pkg/slo", "github.com/OpenSLO/go-sdk", "github.com/nobl9/govy", "github.com/prometheus/prometheus/promql/parser", "github.com/teambition/rrule-go", "go.yaml.in/yaml/v3"},
	"pkg/prom":     {module + "pkg/slo", "github.com/prometheus/", "github.com/golang/snappy", "google.golang.org/protobuf/encoding/protowire", "golang.org/x/sync/errgroup"},
	"pkg/export":   {module + "pkg/slo", module + "pkg/catalog", module + "pkg/prom", "github.com/prometheus/prometheus/promql/parser", "go.yaml.in/yaml/v3"},
	"pkg/plugin":   {module + "pkg/slo", module + "pkg/forecast", module + "pkg/impact", module + "pkg/words", module + "pkg/catalog", module + "pkg/prom", module + "pkg/export", "github.com/grafana/grafana-plugin-sdk-go", "golang.org/x/sync/errgroup"},
	"pkg/slotest":  {module + "pkg/slo", module + "pkg/impact"},
	"pkg/plugintest": {
		"github.com/grafana/grafana-plugin-sdk-go", "github.com/hashicorp/", "google.golang.org/grpc",
	},
	"pkg": {module + "pkg/plugin", "github.com/grafana/grafana-plugin-sdk-go"},
}

// pure are the rooms whose answers depend on their arguments alone.
var pure = []string{"pkg/slo", "pkg/impact", "pkg/words", "pkg/forecast", "pkg/export"}

// impure are packages of the standard library that read or write the world.
var impure = []string{"os", "net", "net/http", "log", "log/slog", "io/ioutil", "math/rand", "os/exec", "database/sql", "syscall"}

// unseeded finds calls of math/rand/v2 that take their seed from the world. Sources
// with a seed of their own are as pure as any function.
var unseeded = regexp.MustCompile(`\brand\.(?:N|Int|IntN|Int32|Int32N|Int64|Int64N|Uint|UintN|Uint32|Uint32N|Uint64|Uint64N|Float32|Float64|NormFloat64|ExpFloat64|Perm|Shuffle)\(`)

// onlyImporter says which room alone may import a module.
var onlyImporter = map[string][]string{
	"github.com/prometheus/client_golang":      {"pkg/prom"},
	"github.com/grafana/grafana-plugin-sdk-go": {"pkg", "pkg/plugin", "pkg/plugintest"},
}

func TestEveryRoomImportsOnlyWhatItMay(t *testing.T) {
	for file, imports := range imports(t) {
		room := path.Dir(file)
		allowed, known := rooms[room]
		require.True(t, known, "%s is in a room that this test does not know", file)
		for _, imported := range imports {
			require.True(t, allows(allowed, imported), "%s imports %s, which %s may not", file, imported, room)
			for prefix, importers := range onlyImporter {
				if strings.HasPrefix(imported, prefix) {
					require.Contains(t, importers, room, "%s imports %s", file, imported)
				}
			}
		}
	}
}

func TestPureRoomsReadNoClockAndDoNoIO(t *testing.T) {
	for file, imports := range imports(t) {
		if !slices.Contains(pure, path.Dir(file)) {
			continue
		}
		for _, imported := range imports {
			require.NotContains(t, impure, imported, "%s imports %s", file, imported)
		}
		text, err := os.ReadFile(filepath.Join("..", "..", file))
		require.NoError(t, err)
		for _, clock := range []string{"time.Now(", "time.Since(", "time.Until(", "time.Sleep("} {
			require.NotContains(t, string(text), clock, file)
		}
		require.Empty(t, unseeded.FindString(string(text)), file)
	}
}

func TestTheRulesAreSeenToFail(t *testing.T) {
	require.False(t, allows(rooms["pkg/slo"], "github.com/grafana/grafana-plugin-sdk-go/data"))
	require.False(t, allows(rooms["pkg/slo"], module+"pkg/prom"))
	require.False(t, allows(rooms["pkg/prom"], module+"pkg/plugin"))
	require.False(t, allows(rooms["pkg/impact"], "github.com/stretchr/testify/require"))
	require.True(t, allows(rooms["pkg/slo"], "time"))
	require.True(t, allows(rooms["pkg/plugin"], module+"pkg/slo"))
	require.Contains(t, impure, "net/http")
	require.True(t, unseeded.MatchString("x := rand.Float64()"))
	require.False(t, unseeded.MatchString("rand.New(rand.NewPCG(1, 2)).Float64()"))
}

// allows reports whether an import is of the standard library or of those allowed.
func allows(allowed []string, imported string) bool {
	if first, _, _ := strings.Cut(imported, "/"); !strings.Contains(first, ".") {
		return true
	}
	return slices.ContainsFunc(allowed, func(prefix string) bool {
		return imported == prefix || strings.HasPrefix(imported, strings.TrimSuffix(prefix, "/")+"/")
	})
}

// imports are the imports of every file below pkg that is not a test, by the file's
// path from the top of the repository.
func imports(t *testing.T) map[string][]string {
	t.Helper()
	found := map[string][]string{}
	err := filepath.WalkDir(filepath.Join("..", "..", "pkg"), func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && entry.Name() == "testdata" {
			return filepath.SkipDir
		}
		if entry.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		file, err := filepath.Rel(filepath.Join("..", ".."), name)
		if err != nil {
			return err
		}
		file = filepath.ToSlash(file)
		found[file] = nil
		for _, spec := range parsed.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			found[file] = append(found[file], imported)
		}
		return nil
	})
	require.NoError(t, err)
	require.NotEmpty(t, found)
	return found
}
