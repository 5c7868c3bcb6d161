package validator

import (
	"archive/zip"
	"io/fs"
	"maps"
	"slices"
	"strings"
)

// CheckZip looks at the archive that the catalogue gets: one directory with the
// plugin's id for a name, which holds what [CheckDist] accepts.
func CheckZip(path string) []Finding {
	var f findings
	archive, err := zip.OpenReader(path)
	if err != nil {
		f.errorf("archive", "%s: %v", path, err)
		return f
	}
	defer archive.Close() //nolint:errcheck // only read
	f.archive(&archive.Reader)
	return f
}

func (f *findings) archive(archive *zip.Reader) {
	tops := map[string]bool{} // whether it is a directory
	for _, entry := range archive.File {
		top, _, isDir := strings.Cut(entry.Name, "/")
		tops[top] = tops[top] || isDir
		// The reader below leaves these out; a program that unpacks may not.
		if !fs.ValidPath(strings.TrimSuffix(entry.Name, "/")) {
			f.errorf("archive-path", "the archive has the name %q; expected a plain relative path", entry.Name)
		}
	}
	names := slices.Sorted(maps.Keys(tops))
	switch {
	case len(names) == 0:
		f.errorf("empty-archive", "the archive is empty")
		return
	case len(names) > 1:
		f.errorf("more-than-one-dir", "the archive has %s at its top; expected one directory", strings.Join(names, ", "))
		return
	case !tops[names[0]]:
		f.errorf("no-root-dir", "the archive has the file %s at its top; expected one directory", names[0])
		return
	}
	dist, err := fs.Sub(archive, names[0])
	if err != nil {
		f.errorf("archive", "%v", err)
		return
	}
	*f = append(*f, CheckDist(dist)...)
	if m, ok := new(findings).metadata(dist); ok && m.ID != names[0] {
		f.errorf("no-ident-root-dir", "the archive has the directory %s; expected the plugin's id, %s", names[0], m.ID)
	}
}
