// Package validator checks what Grafana's plugin catalogue checks, as far as that
// is possible without a network: its plugin validator stops silently at the first
// question that it cannot ask a server.
//
// The rules and, where there is one, their names are those of
// github.com/grafana/plugin-validator. Some are stricter, where its documentation
// or its reviewers ask for more than its code does. Left out is what only a server
// knows: whether links answer, whether the organisation has an account, how old the
// SDK is, signatures, attestations and known vulnerabilities.
//
//   - [CheckDist] looks at the built plugin,
//   - [CheckZip] at its archive,
//   - [CheckSource] at the sources, and
//   - [CheckBuild] at whether the one was built from the other.
package validator
