package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"regexp"

	"github.com/goccy/go-yaml"
)

// Config is the whole configuration.
type Config struct {
	Slack  Slack  `yaml:"slack"`
	Estate Estate `yaml:"estate"`
}

// Slack is how the bot is reached. Tokens come from the environment.
type Slack struct {
	// Mode is "socket" (no inbound connection is needed) or "http".
	Mode string `yaml:"mode"`
	// Listen is the address that Slack's requests arrive at, in http mode.
	Listen string `yaml:"listen"`
	// Command is the slash command as it is named in the Slack app.
	Command string `yaml:"command"`
	// Contact says whom people ask for access, for example "#identity-ops".
	Contact string `yaml:"contact"`
}

// Estate is what the bot looks at.
type Estate struct {
	// Source is "lab": the simulated estate.
	Source string `yaml:"source"`
}

// The values of Slack.Mode and Estate.Source.
const (
	ModeSocket = "socket"
	ModeHTTP   = "http"
	SourceLab  = "lab"
)

// mostBytes bounds a configuration file.
const mostBytes = 1 << 20

// Default returns the configuration that an empty file stands for.
func Default() Config {
	return Config{
		Slack:  Slack{Mode: ModeSocket, Listen: "127.0.0.1:8080", Command: "/pwsync", Contact: "your identity team"},
		Estate: Estate{},
	}
}

// Load reads a file.
func Load(name string) (Config, error) {
	f, err := os.Open(name)
	if err != nil {
		return Config{}, fmt.Errorf("read the configuration: %w", err)
	}
	data, err := io.ReadAll(io.LimitReader(f, mostBytes+1))
	err = errors.Join(err, f.Close())
	switch {
	case err != nil:
		return Config{}, fmt.Errorf("read the configuration: %w", err)
	case len(data) > mostBytes:
		return Config{}, fmt.Errorf("read the configuration: %s is larger than %d bytes", name, mostBytes)
	}
	c, err := Parse(data)
	if err != nil {
		return Config{}, fmt.Errorf("%s: %w", name, err)
	}
	return c, nil
}

// Parse reads the text of a configuration file.
func Parse(data []byte) (Config, error) {
	c := Default()
	err := yaml.NewDecoder(bytes.NewReader(data), yaml.Strict()).Decode(&c)
	if err != nil && !errors.Is(err, io.EOF) {
		return Config{}, errors.New(yaml.FormatError(err, false, true))
	}
	// A section that is named and left empty decodes to nothing.
	if c.Slack == (Slack{}) {
		c.Slack = Default().Slack
	}
	if err := errors.Join(c.problems()...); err != nil {
		return Config{}, err
	}
	return c, nil
}

var slashWord = regexp.MustCompile(`^/[a-z0-9_-]{1,31}$`)

// problems lists everything that is wrong, each with its path.
func (c Config) problems() []error {
	var out []error
	add := func(path, format string, args ...any) {
		out = append(out, fmt.Errorf("%s: %s", path, fmt.Sprintf(format, args...)))
	}
	if c.Slack.Mode != ModeSocket && c.Slack.Mode != ModeHTTP {
		add("slack.mode", "%q is neither %s nor %s", c.Slack.Mode, ModeSocket, ModeHTTP)
	}
	if _, _, err := net.SplitHostPort(c.Slack.Listen); err != nil {
		add("slack.listen", "%q is not an address like 127.0.0.1:8080", c.Slack.Listen)
	}
	if !slashWord.MatchString(c.Slack.Command) {
		add("slack.command", "%q is not a slash and up to 31 lower-case letters, digits, dashes or underscores", c.Slack.Command)
	}
	if c.Estate.Source != "" && c.Estate.Source != SourceLab {
		add("estate.source", "%q is not known; this version can look at %q", c.Estate.Source, SourceLab)
	}
	return out
}
