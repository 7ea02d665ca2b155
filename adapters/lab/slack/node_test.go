package slack

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestSlacksOwnNodeClientUsesTheWorkspace lets a client that this project did
// not write judge the workspace: @slack/socket-mode and @slack/web-api, pinned
// in testdata/node.
func TestSlacksOwnNodeClientUsesTheWorkspace(t *testing.T) {
	if testing.Short() {
		t.Skip("SKIPPED: the independent Slack client is not run in short mode")
	}
	folder := nodeClient(t)
	// A busy machine may take its time to start Node; the protocol's own
	// three seconds are tested elsewhere.
	l := startLab(t, nil, func(tm *timing) { tm.ack = slackTiming().ack })
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	client := exec.CommandContext(ctx, "node", "client.mjs")
	client.Dir = folder
	client.Env = append(os.Environ(), "LAB_API_URL="+l.url+"/api/", "LAB_BOT_TOKEN="+testBotToken, "LAB_APP_TOKEN="+testAppToken)
	var stderr bytes.Buffer
	client.Stderr = &stderr
	stdout, err := client.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := client.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(stdout)
	expect := func(want string) {
		t.Helper()
		if !lines.Scan() || lines.Text() != want {
			_ = client.Process.Kill()
			_ = client.Wait()
			t.Fatalf("the client said %q, want %q; on stderr: %s", lines.Text(), want, stderr.String())
		}
	}

	expect("connected")
	o := l.slash("user vera@example.test")()
	if !o.Acknowledged {
		t.Errorf("the command was not acknowledged: %+v", o)
	}
	expect("opened")
	want := []string{"heard user <mailto:vera@example.test|vera@example.test>", "updated"}
	if diff := cmp.Diff(want, l.seenBy(viewerID, helpdeskID)); diff != "" {
		t.Error(diff)
	}
	if o := l.submit(map[string]any{"name": "Ünï <x>"})(); !o.Acknowledged || o.Error != "" {
		t.Errorf("the modal was not acknowledged: %+v", o)
	}
	expect("submitted Ünï <x>")
	if err := client.Wait(); err != nil {
		t.Fatalf("the client ended with %v: %s", err, stderr.String())
	}
}

// nodeClient installs the client into a cache folder, once for each state of
// its lock file, and returns the folder.
func nodeClient(t *testing.T) string {
	t.Helper()
	ci := os.Getenv("CI") == "true"
	unavailable := func(format string, args ...any) {
		t.Helper()
		if ci {
			t.Fatalf(format, args...)
		}
		t.Skipf("SKIPPED: the independent Slack client was not run: "+format, args...)
	}
	for _, tool := range []string{"node", "npm"} {
		if _, err := exec.LookPath(tool); err != nil {
			unavailable("%s is not installed", tool)
		}
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		unavailable("there is no cache folder: %v", err)
	}
	folder := filepath.Join(cache, "pwsync-test", "slack-node-"+digest(t))
	if _, err := os.Stat(filepath.Join(folder, "installed")); errors.Is(err, fs.ErrNotExist) {
		if out, err := install(t, folder); err != nil {
			unavailable("npm ci ended with %v:\n%s", err, out)
		}
	}
	return folder
}

const nodeSource = "testdata/node"

// digest names the content of testdata/node.
func digest(t *testing.T) string {
	t.Helper()
	sum := sha256.New()
	for _, name := range []string{"package.json", "package-lock.json", "client.mjs"} {
		raw, err := os.ReadFile(filepath.Join(nodeSource, name))
		if err != nil {
			t.Fatal(err)
		}
		sum.Write(raw)
	}
	return hex.EncodeToString(sum.Sum(nil))[:16]
}

// install builds the client aside and moves it into place, so that two test
// runs at once do not meet in a half-made folder.
func install(t *testing.T, folder string) (string, error) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(folder), 0o755); err != nil {
		return "", err
	}
	aside, err := os.MkdirTemp(filepath.Dir(folder), "installing-")
	if err != nil {
		return "", err
	}
	defer func() { _ = os.RemoveAll(aside) }()
	if err := os.CopyFS(aside, os.DirFS(nodeSource)); err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	npm := exec.CommandContext(ctx, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
	npm.Dir = aside
	if out, err := npm.CombinedOutput(); err != nil {
		return string(out), err
	}
	if err := os.WriteFile(filepath.Join(aside, "installed"), nil, 0o644); err != nil {
		return "", err
	}
	if err := os.Rename(aside, folder); err != nil && !strings.Contains(err.Error(), "exist") && !strings.Contains(err.Error(), "not empty") {
		return "", err
	}
	return "", nil
}
