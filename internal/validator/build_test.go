package validator

import (
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
)

func TestABuiltPluginIsOfItsSources(t *testing.T) {
	runBreaking(t, built, func(dist fstest.MapFS) []Finding { return CheckBuild(dist, sources()) }, []breaking{
		{"packagecode-version-mismatch", Error, manifest(`1.2.3`, `1.2.4`), `"1.2.4"; package.json has "1.2.3"`},
		{"no-go-manifest", Error, remove(manifestFile), manifestFile},
		{"invalid-go-manifest", Error, edit(manifestFile, "\n", "\n\nbroken\n"), `the line "broken"`},
		{"js-map-invalid", Error, write("module.js.map", "a"), "module.js.map"},
		{"js-map-invalid", Error, write("module.js.map", `{"sources": ["a"]}`), "the text of 0"},
		{"js-map-no-match", Error, write("module.js.map", sourceMapOf("./other.ts", tsModule)), "src/other.ts"},
	})
	runBreaking(t, sources, func(source fstest.MapFS) []Finding { return CheckBuild(built(), source) }, []breaking{
		{"packagejson-not-found", Error, remove("package.json"), "package.json"},
		{"go-manifest-issue", Error, edit("pkg/main.go", "main()", "main ()"), "has another pkg/main.go"},
		{"go-manifest-issue", Error, write("demo/main.go", goMain), "does not have demo/main.go"},
		{"go-manifest-issue", Error, remove("pkg/plugin/query.go"), "has pkg/plugin/query.go, which is not in the source"},
		{"js-map-no-match", Error, edit("src/module.ts", "1", "2"), "src/module.ts"},
	})
}

func TestLineEndingsDoNotMakeAnotherSource(t *testing.T) {
	source := sources()
	edit("src/module.ts", "\n", "\r\n")(t, source)
	dist := built()
	manifest(`"backend": true`, `"backend": false`)(t, dist) // so there is no Go to compare
	require.Empty(t, CheckBuild(dist, source))
}
