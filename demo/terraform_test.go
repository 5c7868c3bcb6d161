package main

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclparse"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/stretchr/testify/require"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
)

// terraform evaluates what the example uses of Terraform's language.
type terraform struct {
	body    *hclsyntax.Body
	context *hcl.EvalContext
}

func readTerraform(t *testing.T, path string) terraform {
	t.Helper()
	file, problems := hclparse.NewParser().ParseHCLFile(path)
	require.False(t, problems.HasErrors(), problems.Error())
	body := file.Body.(*hclsyntax.Body)

	text := function.New(&function.Spec{
		Params: []function.Parameter{{Name: "path", Type: cty.String}},
		Type:   function.StaticReturnType(cty.String),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			content, err := os.ReadFile(args[0].AsString())
			return cty.StringVal(string(content)), err
		},
	})
	known := map[string]cty.Value{"path": cty.ObjectVal(map[string]cty.Value{"module": cty.StringVal(filepath.Dir(path))})}
	variables, resources := map[string]cty.Value{}, map[string]map[string]cty.Value{}
	out := terraform{body, &hcl.EvalContext{Variables: known, Functions: map[string]function.Function{"jsonencode": stdlib.JSONEncodeFunc, "file": text}}}
	for _, block := range body.Blocks {
		switch block.Type {
		case "variable":
			variables[block.Labels[0]] = out.value(t, block.Body, "default")
		case "resource":
			kind, name := block.Labels[0], block.Labels[1]
			if uid, has := block.Body.Attributes["uid"]; has {
				value, problems := uid.Expr.Value(nil)
				require.False(t, problems.HasErrors(), problems.Error())
				if resources[kind] == nil {
					resources[kind] = map[string]cty.Value{}
				}
				resources[kind][name] = cty.ObjectVal(map[string]cty.Value{"uid": value})
			}
		}
	}
	known["var"] = cty.ObjectVal(variables)
	for kind, all := range resources {
		known[kind] = cty.ObjectVal(all)
	}
	return out
}

func (f terraform) value(t *testing.T, body *hclsyntax.Body, name string) cty.Value {
	t.Helper()
	attribute, has := body.Attributes[name]
	require.True(t, has, "no attribute %s", name)
	value, problems := attribute.Expr.Value(f.context)
	require.False(t, problems.HasErrors(), problems.Error())
	return value
}

func (f terraform) text(t *testing.T, body *hclsyntax.Body, name string) string {
	t.Helper()
	return f.value(t, body, name).AsString()
}

// blocks are the blocks of a type inside a body.
func blocks(body *hclsyntax.Body, kind string) (all []*hclsyntax.Body) {
	for _, block := range body.Blocks {
		if block.Type == kind {
			all = append(all, block.Body)
		}
	}
	return all
}

func (f terraform) resource(t *testing.T, kind string) *hclsyntax.Body {
	t.Helper()
	for _, block := range f.body.Blocks {
		if block.Type == "resource" && block.Labels[0] == kind {
			return block.Body
		}
	}
	t.Fatalf("no resource %s", kind)
	return nil
}

// checkTerraform makes sure of the same as for provisioned files: the data source has
// the uid of the dashboards and a catalogue without problems, the dashboards are there,
// and the alert rules are answered and keep their last state.
func checkTerraform(ctx context.Context, t *testing.T, plugin *asker, path string, now time.Time) (queries int) {
	f := readTerraform(t, path)

	source := f.resource(t, "grafana_data_source")
	require.Equal(t, []string{pluginID, sourceUID}, []string{f.text(t, source, "type"), f.text(t, source, "uid")})
	var settings struct{ Catalog string }
	require.NoError(t, json.Unmarshal([]byte(f.text(t, source, "json_data_encoded")), &settings))
	checkCatalog(t, settings.Catalog)

	dashboards := f.resource(t, "grafana_dashboard").Attributes["for_each"].Expr.(*hclsyntax.FunctionCallExpr)
	folder, problems := dashboards.Args[0].Value(f.context)
	require.False(t, problems.HasErrors(), problems.Error())
	found, err := filepath.Glob(filepath.Join(folder.AsString(), "*.json"))
	require.NoError(t, err)
	require.NotEmpty(t, found, "dashboards in %s", folder.AsString())

	var rules []alertRule
	for _, rule := range blocks(f.resource(t, "grafana_rule_group"), "rule") {
		one := alertRule{Title: f.text(t, rule, "name"), NoDataState: f.text(t, rule, "no_data_state"), ExecErrState: f.text(t, rule, "exec_err_state")}
		for _, data := range blocks(rule, "data") {
			step := alertStep{DatasourceUID: f.text(t, data, "datasource_uid")}
			require.NoError(t, json.NewDecoder(strings.NewReader(f.text(t, data, "model"))).Decode(&step.Model))
			one.Data = append(one.Data, step)
		}
		rules = append(rules, one)
	}
	return checkAlertRules(ctx, t, plugin, rules, now)
}
