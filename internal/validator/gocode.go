package validator

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// goCode checks the backend's code for what a plugin must not do. Tests are not
// looked at: the validator runs semgrep, which skips *_test.go. Packages that only
// tests import are looked at, and have no exceptions.
func (f *findings) goCode(source fs.FS) {
	walk(source, "pkg", []string{".go"}, func(name string) {
		if strings.HasSuffix(name, "_test.go") {
			return
		}
		text, _ := read(source, name)
		files := token.NewFileSet()
		file, err := parser.ParseFile(files, name, text, parser.SkipObjectResolution)
		if err != nil {
			f.errorf("go-syntax", "%v", err)
			return
		}
		g := goFile{findings: f, files: files, name: name, imports: importsOf(file)}
		ast.Inspect(file, g.inspect)
	})
}

type goFile struct {
	*findings
	files   *token.FileSet
	name    string
	imports map[string]string // path by the name in this file
}

func importsOf(file *ast.File) map[string]string {
	imports := map[string]string{}
	for _, i := range file.Imports {
		from, _ := strconv.Unquote(i.Path.Value)
		name := path.Base(from)
		if i.Name != nil {
			name = i.Name.Name
		}
		imports[name] = from
	}
	return imports
}

var (
	environment = []string{"Clearenv", "Environ", "ExpandEnv"}
	variables   = []string{"Getenv", "LookupEnv", "Setenv", "Unsetenv"}
	osFiles     = []string{
		"Chdir", "Chmod", "Chown", "Chtimes", "CopyFS", "Create", "CreateTemp", "DirFS", "Getwd",
		"IsExist", "IsNotExist", "IsPermission", "Lchown", "Link", "Lstat", "Mkdir", "MkdirAll", "MkdirTemp",
		"NewFile", "Open", "OpenFile", "OpenInRoot", "OpenRoot", "ReadDir", "ReadFile", "Readlink",
		"Remove", "RemoveAll", "Rename", "SameFile", "Stat", "Symlink", "TempDir", "Truncate",
		"UserCacheDir", "UserConfigDir", "UserHomeDir", "WriteFile",
	}
	pathFiles = []string{"EvalSymlinks", "Glob", "VolumeName", "Walk", "WalkDir"}
	prints    = []string{"Print", "Printf", "Println"}
)

// allowedVariable matches the names of environment variables that Grafana sets for
// plugins.
var allowedVariable = regexp.MustCompile(`^(GF_PLUGIN|GF_VERSION$|GF_EDITION$|GF_ENTERPRISE_|AWS_AUTH_|GFAZPL_|AZURE_CLOUD$|AZURE_MANAGED_IDENTITY_)`)

func (g goFile) inspect(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.CallExpr:
		g.call(n)
	case *ast.SelectorExpr: // also a function that is not called here
		if from, function, ok := g.qualified(n); ok {
			g.use(g.files.Position(n.Pos()), from, function)
		}
	}
	return true
}

// qualified splits package.Name into the package's path and the name. As in the
// validator, a variable that has a package's name counts as the package.
func (g goFile) qualified(e ast.Expr) (from, name string, ok bool) {
	selector, ok := e.(*ast.SelectorExpr)
	if !ok {
		return "", "", false
	}
	x, ok := selector.X.(*ast.Ident)
	if !ok {
		return "", "", false
	}
	if from, ok := g.imports[x.Name]; ok {
		return from, selector.Sel.Name, true
	}
	switch x.Name {
	case "fs":
		return "io/fs", selector.Sel.Name, true
	case "filepath":
		return "path/filepath", selector.Sel.Name, true
	}
	return x.Name, selector.Sel.Name, true
}

func (g goFile) use(at token.Position, from, name string) {
	switch {
	case from == "os" && slices.Contains(environment, name):
		g.errorf("code-rules-access-os-environment", "%s: os.%s; a plugin may not read its environment", at, name)
	case from == "os" && slices.Contains(osFiles, name):
		g.errorf("code-rules-access-file-system-with-os", "%s: os.%s; a plugin may not use the file system", at, name)
	case from == "path/filepath" && slices.Contains(pathFiles, name):
		g.errorf("code-rules-access-file-system-with-filepath", "%s: filepath.%s; a plugin may not use the file system", at, name)
	case from == "syscall":
		g.errorf("code-rules-access-syscall", "%s: syscall.%s; a plugin may not use syscall", at, name)
	case from == "fmt" && slices.Contains(prints, name):
		// Standard output is the channel on which go-plugin shakes hands.
		g.errorf("code-rules-fmt-print-logging", "%s: fmt.%s; expected the SDK's logger", at, name)
	case from == "context" && (name == "Background" || name == "TODO") && path.Dir(g.name) == "pkg/plugin":
		g.warnf("context-background", "%s: context.%s; expected the context of the request", at, name)
	}
}

func (g goFile) call(n *ast.CallExpr) {
	from, name, _ := g.qualified(n.Fun)
	at := g.files.Position(n.Pos())
	switch {
	case from == "io/fs":
		g.errorf("code-rules-access-file-system-with-fs", "%s: a call of fs.%s; a plugin may not use the file system, and the catalogue does not tell an embedded one from it", at, name)
	case from == "os" && slices.Contains(variables, name) && !allowed(n.Args):
		g.warnf("code-rules-access-forbidden-os-environment", "%s: os.%s of a variable that Grafana does not set for plugins", at, name)
	}
}

func allowed(args []ast.Expr) bool {
	if len(args) == 0 {
		return false
	}
	literal, ok := args[0].(*ast.BasicLit)
	if !ok { // only running it would tell
		return false
	}
	variable, err := strconv.Unquote(literal.Value)
	return err == nil && allowedVariable.MatchString(variable)
}
