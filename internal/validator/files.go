package validator

import (
	"io/fs"
	"path"
	"strings"
)

// walk visits the files below a directory whose names end in one of the given ways;
// a directory that does not exist has none. The packages of npm and git's own
// files are not part of a plugin.
func walk(fsys fs.FS, root string, endings []string, visit func(name string)) {
	_ = fs.WalkDir(fsys, root, func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil: // missing or vanished while walking
			return fs.SkipDir
		case d.IsDir() && (d.Name() == "node_modules" || d.Name() == ".git"):
			return fs.SkipDir
		case d.IsDir():
			return nil
		}
		for _, ending := range endings {
			if strings.HasSuffix(name, ending) {
				visit(name)
				break
			}
		}
		return nil
	})
}

// read is the content of a file; a file that cannot be read is as good as missing.
func read(fsys fs.FS, name string) (content string, ok bool) {
	bytes, err := fs.ReadFile(fsys, name)
	return string(bytes), err == nil
}

// readText is the content of a file that must say something.
func readText(fsys fs.FS, name string) (content string, ok bool) {
	content, ok = read(fsys, name)
	return content, ok && strings.TrimSpace(content) != ""
}

func isFile(fsys fs.FS, name string) bool {
	info, err := fs.Stat(fsys, path.Clean(name))
	return err == nil && !info.IsDir()
}
