// Package suite runs one question from end to end: it resolves whom the
// question is about, collects facts from the sources in parallel, each with its
// own deadline, and has package checks judge the photograph. The bot and the
// command line both call it, and nothing else collects.
//
// The main type is [Suite]: the sources, a clock and the limits. Sources are
// ports declared here and implemented by the adapters. A source that fails costs
// its own facts, never the run; a source that is not configured at all is listed
// as such in the facts, and what needs it is not checked.
//
// To add one more source: declare its port in ports.go, collect from it in
// health.go or person.go into a Fact, and name it among the optional sources of
// package checks if an installation can do without it.
package suite
