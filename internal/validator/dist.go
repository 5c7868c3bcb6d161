package validator

import "io/fs"

// CheckDist looks at a built plugin: the directory that Grafana loads, with
// plugin.json at its top.
func CheckDist(dist fs.FS) []Finding {
	var f findings
	f.layout(dist)
	f.bundle(dist)
	f.documents(dist)
	f.svgs(dist)
	if m, ok := f.metadata(dist); ok {
		f.identity(m)
		f.info(m)
		f.dependencies(m)
		f.images(dist, m)
		f.includes(dist, m)
		f.backend(dist, m)
	}
	return f
}

// CheckBuild looks at whether a built plugin is what a source tree builds. Neither
// has to be valid otherwise; what is missing in the built plugin is for [CheckDist]
// to say.
func CheckBuild(dist, source fs.FS) []Finding {
	var f findings
	if m, ok := new(findings).metadata(dist); ok {
		f.version(source, m)
		f.goManifest(dist, source, m)
		f.sourceMap(dist, source, m)
	}
	return f
}

// CheckSource looks at a source tree: the top level of the repository.
func CheckSource(source fs.FS) []Finding {
	var f findings
	f.buildTools(source)
	f.sdk(source)
	f.goCode(source)
	f.typeScript(source)
	return f
}
