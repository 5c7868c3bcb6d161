package plugintest

import (
	"errors"
	"fmt"
	"io"
	"os/exec"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend/grpcplugin"
	"github.com/hashicorp/go-hclog"
	goplugin "github.com/hashicorp/go-plugin"
)

// The services of a data source plugin, by the names Grafana asks for them.
const (
	dataService        = "data"
	diagnosticsService = "diagnostics"
	resourceService    = "resource"
)

// startTimeout is generous: the first start of a fresh binary on a busy machine is slow.
const startTimeout = 30 * time.Second

// Plugin is a running plugin process.
type Plugin struct {
	cmd         *exec.Cmd
	process     *goplugin.Client
	data        grpcplugin.DataClient
	diagnostics grpcplugin.DiagnosticsClient
	resource    grpcplugin.ResourceClient
}

// Start runs the binary at a path. What the plugin logs goes to logs, which may
// be nil. End the process with Close.
func Start(path string, logs io.Writer) (*Plugin, error) {
	if logs == nil {
		logs = io.Discard
	}
	cmd := exec.Command(path)
	process := goplugin.NewClient(&goplugin.ClientConfig{
		Cmd: cmd,
		HandshakeConfig: goplugin.HandshakeConfig{
			ProtocolVersion:  grpcplugin.ProtocolVersion,
			MagicCookieKey:   grpcplugin.MagicCookieKey,
			MagicCookieValue: grpcplugin.MagicCookieValue,
		},
		VersionedPlugins: map[int]goplugin.PluginSet{grpcplugin.ProtocolVersion: {
			dataService:        &grpcplugin.DataGRPCPlugin{},
			diagnosticsService: &grpcplugin.DiagnosticsGRPCPlugin{},
			resourceService:    &grpcplugin.ResourceGRPCPlugin{},
		}},
		AllowedProtocols: []goplugin.Protocol{goplugin.ProtocolGRPC},
		StartTimeout:     startTimeout,
		Stderr:           logs,
		Logger:           hclog.NewNullLogger(), // its own lines, not the plugin's
	})
	p := &Plugin{cmd: cmd, process: process}
	if err := p.connect(); err != nil {
		process.Kill()
		return nil, fmt.Errorf("start plugin %s: %w", path, err)
	}
	return p, nil
}

func (p *Plugin) connect() error {
	protocol, err := p.process.Client()
	if err != nil {
		return err
	}
	return errors.Join(
		dispense(protocol, dataService, &p.data),
		dispense(protocol, diagnosticsService, &p.diagnostics),
		dispense(protocol, resourceService, &p.resource),
	)
}

func dispense[Service any](from goplugin.ClientProtocol, name string, into *Service) error {
	raw, err := from.Dispense(name)
	if err != nil {
		return fmt.Errorf("ask for service %q: %w", name, err)
	}
	service, ok := raw.(Service)
	if !ok {
		return fmt.Errorf("service %q is a %T", name, raw)
	}
	*into = service
	return nil
}

// Close asks the process to end and kills it if it does not within two seconds.
func (p *Plugin) Close() { p.process.Kill() }

// Kill ends the process at once, for when there is no time to ask.
func (p *Plugin) Kill() {
	if p.cmd.Process != nil {
		p.cmd.Process.Kill() //nolint:errcheck // it may be gone
	}
}

// PID is the id of the process.
func (p *Plugin) PID() int { return p.cmd.Process.Pid }

// Exited says whether the process has ended, by itself or by Close.
func (p *Plugin) Exited() bool { return p.process.Exited() }
