package validator

import (
	"io"
	"io/fs"
	"path"
	"strings"
)

// binaryMode is what the validator wants; it accepts no other.
const binaryMode = fs.FileMode(0o755)

// backend checks that plugin.json and the binaries say the same.
func (f *findings) backend(dist fs.FS, m metadata) {
	switch {
	case m.Alerting && !m.Backend:
		f.errorf("alerting-without-backend", "plugin.json: alerting is true and backend is not; alert rules are evaluated by a backend")
	case !m.Backend && m.Executable != "":
		f.errorf("backend-binary-missing", "plugin.json: executable is %q and backend is not true", m.Executable)
	case m.Backend && m.Executable == "":
		f.errorf("backend-binary-missing", "plugin.json: backend is true and executable is missing")
	}
	if m.Executable == "" {
		return
	}
	f.debugFiles(dist)
	if m.Backend {
		f.binaries(dist, m.Executable)
	}
}

// binaries checks <executable>_<os>_<arch>, the names by which Grafana starts them.
func (f *findings) binaries(dist fs.FS, executable string) {
	found := false
	walk(dist, path.Dir(executable), []string{""}, func(name string) {
		if !strings.HasPrefix(path.Base(name), path.Base(executable)) {
			return
		}
		found = true
		info, err := fs.Stat(dist, name)
		if err == nil && path.Ext(name) != ".exe" && info.Mode().Perm() != binaryMode {
			f.errorf("binary-executable-permissions", "%s has the mode %04o; expected %04o", name, info.Mode().Perm(), binaryMode)
		}
	})
	required := executable + "_linux_amd64"
	switch {
	case !found:
		f.errorf("backend-binary-missing", "plugin.json: there are no binaries %s_*", executable)
	case !isFile(dist, required):
		f.errorf("backend-binary-not-linux-amd64", "%s is missing; the catalogue wants at least this one", required)
	case !isLinuxAMD64(dist, required):
		f.errorf("backend-binary-not-linux-amd64", "%s is not a 64-bit ELF file for amd64", required)
	}
}

// isLinuxAMD64 reads the header of an ELF file: magic number, class 64-bit at byte
// 4, and machine at byte 18, where 0x3e is amd64.
func isLinuxAMD64(dist fs.FS, name string) bool {
	file, err := dist.Open(name)
	if err != nil {
		return false
	}
	defer file.Close() //nolint:errcheck // only read
	header := make([]byte, 20)
	if _, err := io.ReadFull(file, header); err != nil {
		return false
	}
	return string(header[:4]) == "\x7fELF" && header[4] == 2 && header[18] == 0x3e && header[19] == 0
}

// debugFiles checks for what a debugging session leaves behind: with it, Grafana
// waits for a plugin process that someone else starts.
func (f *findings) debugFiles(dist fs.FS) {
	walk(dist, ".", []string{".txt"}, func(name string) {
		if base := path.Base(name); base == "standalone.txt" || base == "pid.txt" {
			f.errorf("backend-debug-file-present", "%s is there; with it, the plugin does not start", name)
		}
	})
}
