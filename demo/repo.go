package main

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
)

const pluginID = "stakes-slo-datasource"

// repo is the root directory of the repository.
type repo string

// findRepo looks upwards from the working directory.
func findRepo() (repo, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(repo(dir).catalog()); err == nil {
			return repo(dir), nil
		}
		if dir == filepath.Dir(dir) {
			return "", errors.New("run the demo inside the repository: examples/shop/catalog.yaml is not above the working directory")
		}
		dir = filepath.Dir(dir)
	}
}

func (r repo) catalog() string    { return filepath.Join(string(r), "examples", "shop", "catalog.yaml") }
func (r repo) dist() string       { return filepath.Join(string(r), "dist") }
func (r repo) dashboards() string { return filepath.Join(string(r), "provisioning", "dashboards") }

// plugin is where the build puts the binary for this machine.
func (r repo) plugin() string {
	name := "gpx_stakes_slo_" + runtime.GOOS + "_" + runtime.GOARCH
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	return filepath.Join(r.dist(), name)
}
