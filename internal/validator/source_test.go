package validator

import (
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
)

func checkSource(tree fstest.MapFS) []Finding { return CheckSource(tree) }

func TestEachRuleOnToolsCanFail(t *testing.T) {
	runBreaking(t, sources, checkSource, []breaking{
		{"non-standard-frontend-build-tooling", Error, remove(".config/webpack/webpack.config.ts"), ".config/webpack/webpack.config.ts"},
		{"non-standard-frontend-build-tooling", Error, edit(".config/webpack/webpack.config.ts", "create-plugin", "toolkit"), "@grafana/create-plugin"},
		{"non-standard-backend-build-tooling", Error, write("Magefile.go", "package main\n"), "Magefile.go"},
		{"go-mod-not-found", Error, remove("go.mod"), "go.mod"},
		{"go-mod-error", Error, edit("go.mod", "module", "modul"), "go.mod:1"},
		{"go-sdk-not-used", Error, edit("go.mod", "plugin-sdk-go v", "plugin-sdk-java v"), "grafana-plugin-sdk-go"},
		{"go-sdk-replaced", Error, edit("go.mod", "go 1.26", "go 1.26\n\nreplace github.com/grafana/grafana-plugin-sdk-go => ../sdk"), "../sdk"},
	})
}

// goLine puts one line into a function of the backend.
func goLine(imports, line string) change {
	return write("pkg/plugin/query.go", "package plugin\n\nimport "+imports+"\n\nfunc query() {\n\t"+line+"\n}\n")
}

func TestEachRuleOnGoCodeCanFail(t *testing.T) {
	const file = "pkg/plugin/query.go:6:"
	runBreaking(t, sources, checkSource, []breaking{
		{"go-syntax", Error, write("pkg/plugin/query.go", "package"), "pkg/plugin/query.go:1"},
		{"code-rules-access-os-environment", Error, goLine(`"os"`, `_ = os.Environ()`), file},
		{"code-rules-access-forbidden-os-environment", Warning, goLine(`"os"`, `_ = os.Getenv("HOME")`), file},
		{"code-rules-access-forbidden-os-environment", Warning, goLine(`"os"`, `_ = os.Getenv(name)`), file + "6: os.Getenv"},
		{"code-rules-access-file-system-with-os", Error, goLine(`"os"`, `os.Open("a")`), file},
		{"code-rules-access-file-system-with-os", Error, goLine(`"os"`, `read(os.ReadFile)`), "os.ReadFile"},
		{"code-rules-access-file-system-with-os", Error, goLine(`hidden "os"`, `hidden.Remove("a")`), "os.Remove"},
		{"code-rules-access-file-system-with-filepath", Error, goLine(`"path/filepath"`, `filepath.Glob("*")`), file},
		{"code-rules-access-file-system-with-fs", Error, goLine(`"io/fs"`, `fs.ReadFile(files, "a")`), file},
		{"code-rules-access-file-system-with-fs", Error, goLine(`"embed"`, "var fs embed.FS; fs.ReadFile(`a`)"), file},
		{"code-rules-access-syscall", Error, goLine(`"syscall"`, `stop(syscall.SIGTERM)`), file},
		{"code-rules-fmt-print-logging", Error, goLine(`"fmt"`, `fmt.Println("a")`), file},
		{"context-background", Warning, goLine(`"context"`, `run(context.Background())`), file},
	})
}

func TestGoCodeThatMayBe(t *testing.T) {
	for _, allowed := range []change{
		goLine(`"os"`, `_ = os.Getenv("GF_PLUGIN_TIMEOUT"); os.Exit(1)`),
		goLine(`"path/filepath"`, `_ = filepath.Join("a", "b")`),
		goLine(`"embed"`, "var files embed.FS; files.ReadFile(`a`)"),
		goLine(`"io/fs"`, "var files fs.FS"),
		goLine(`"fmt"`, `_ = fmt.Sprint("a")`),
		goLine(`"example.org/os"`, `os.Open("a")`),
		write("pkg/plugin/query_test.go", "package plugin\n\nimport \"os\"\n\nvar _ = os.Open\n"),
		write("pkg/other/run.go", "package other\n\nimport \"context\"\n\nvar _ = context.Background()\n"),
		write("internal/tool/run.go", "package tool\n\nimport \"os\"\n\nvar _ = os.Open\n"),
	} {
		tree := sources()
		allowed(t, tree)
		require.Empty(t, CheckSource(tree))
	}
}

// tsLine puts a line into the frontend, as its third.
func tsLine(line string) change { return write("src/components/Editor.tsx", "\n\n"+line+"\n") }

func TestEachRuleOnTypeScriptCanFail(t *testing.T) {
	const file = "src/components/Editor.tsx:3: "
	runBreaking(t, sources, checkSource, []breaking{
		{"code-rules-backend-datasource-should-not-implement-testdatasource", Error, tsLine("async testDatasource() {}"), file},
		{"code-rules-no-api-ds-query-endpoint", Error, tsLine("post('/api/ds/query')"), file},
		{"code-rules-no-direct-css-imports", Error, tsLine("import './editor.css';"), file},
		{"code-rules-no-direct-css-imports", Error, tsLine("import styles from './editor.scss';"), file + "import styles"},
		{"code-rules-no-direct-css-imports", Error, tsLine("<Global styles={a} />"), file + "<Global"},
		{"code-rules-no-direct-css-imports", Error, tsLine("import { css, Global } from '@emotion/react';"), file + "import { css"},
		{"code-rules-native-browser-dialogs", Error, tsLine("alert('a')"), file},
		{"code-rules-native-browser-dialogs", Error, tsLine("if (window.confirm('a')) {}"), file + "window.confirm("},
		{"code-rules-native-browser-dialogs", Error, tsLine("const a = `${prompt('a')}`;"), "prompt("},
		{"code-rules-window-open-without-noopener", Error, tsLine("window.open(a(b), '_blank')"), file},
		{"code-rules-window-open-without-noopener", Error, tsLine("window.open(a, '_blank', 'noopener'); b('noreferrer')"), file + "window.open("},
		{"code-rules-window-properties", Error, tsLine("a = (window.grafanaBootData)"), file},
		{"code-rules-topnav-toggle", Error, tsLine("config.featureToggles.topnav"), file},
		{"code-rules-access-old-react-internals", Warning, tsLine("React.__SECRET_INTERNALS_DO_NOT_USE"), file},
		{"code-rules-console-logging", Warning, tsLine("console.log(a)"), file},
		{"code-rules-console-logging", Warning, tsLine("<p>it's</p>; console.error(a)"), file + "console.error("},
		{"code-rules-ts-ignore-suppress", Warning, tsLine("// @ts-ignore"), file},
		{"code-rules-deprecated-gf-form-css-classes", Warning, tsLine(`<div className="gf-form">`), file},
		{"code-rules-direct-window-location-access", Warning, tsLine("window.location.href"), file},
	})
}

func TestTypeScriptThatMayBe(t *testing.T) {
	for _, line := range []string{
		"// console.log(a)",
		"/* alert(a)\n window.location */ b()",
		"const a = 'call alert(b)';",
		`const a = "it's \" window.location";`,
		"const a = `\\${alert(a)} console.log(${{ b: '}' }.b}) window.location`; c()",
		"dialog.confirm(a)",
		"showalert(a)",
		"window.open(a(b), '_blank', 'noopener,noreferrer')",
		"import { GlobalState } from './state';",
		"import styles from './styles';",
	} {
		tree := sources()
		tsLine(line)(t, tree)
		require.Empty(t, CheckSource(tree), line)
	}
	tree := sources()
	write("src/module.test.ts", "console.log(1)")(t, tree)
	require.Empty(t, CheckSource(tree), "tests are not part of the plugin")
}

func TestOnlyCodeKeepsEveryByteInItsPlace(t *testing.T) {
	check := func(text, want string) {
		t.Helper()
		require.Equal(t, want, onlyCode(text))
	}
	check("a // b\nc", "a     \nc")
	check("a /* b\n*/ c", "a     \n   c")
	check("/*/ a */* b", "        * b")
	check("a('b') + \"c\\\"d\"", "a(' ') + \"    \"")
	check("`a${b + `c${'d'}`}e` f", "` ${b + ` ${' '}`} ` f")
	check("it's\n'a'", "it's\n' '")
	check("'a\\", "'a\\")
	check("`a\\", "`  ")
	check("/* a", "    ")
}
