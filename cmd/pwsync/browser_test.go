package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// chromium finds a browser. Without one the test is skipped, loudly; in CI it
// fails.
func chromium(t *testing.T) string {
	t.Helper()
	for _, name := range []string{os.Getenv("CHROME"), "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if path, err := exec.LookPath(name); name != "" && err == nil {
			return path
		}
	}
	if os.Getenv("CI") == "true" {
		t.Fatal("no Chromium found, and CI=true: install chromium, or name it in CHROME")
	}
	t.Skip("SKIPPED: THE LAB WAS NOT DRIVEN IN A BROWSER, because no Chromium was found (install chromium, or name it in CHROME)")
	return ""
}

// page is the lab's page in a browser, as somebody sees it in a channel.
type page struct {
	t   *testing.T
	ctx context.Context
}

func openPage(t *testing.T, url string, width, height int64) *page {
	t.Helper()
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(chromium(t)), chromedp.NoSandbox, chromedp.DisableGPU)
	allocator, stop := chromedp.NewExecAllocator(context.Background(), opts...)
	t.Cleanup(stop)
	ctx, closeTab := chromedp.NewContext(allocator)
	t.Cleanup(closeTab)
	ctx, cancel := context.WithTimeout(ctx, 90*time.Second)
	t.Cleanup(cancel)
	p := &page{t: t, ctx: ctx}
	p.do(chromedp.EmulateViewport(width, height), chromedp.Navigate(url))
	p.until("the page is there", `!!document.querySelector("#composer-text")`)
	return p
}

func (p *page) do(steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	if err := chromedp.Do(p.ctx, steps...); err != nil {
		p.t.Fatalf("drive the page: %v", err)
	}
}

func (p *page) until(what, expression string) {
	p.t.Helper()
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		ok, err := chromedp.Run(p.ctx, chromedp.Evaluate[bool](expression))
		if err != nil {
			p.t.Fatalf("evaluate %s: %v", expression, err)
		}
		if ok {
			return
		}
		if time.Now().After(deadline) {
			text, _ := chromedp.Run(p.ctx, chromedp.Evaluate[string](`document.body.innerText`))
			p.t.Fatalf("never came: %s\n%s", what, text)
		}
	}
}

func (p *page) untilSaid(words string) {
	p.t.Helper()
	p.until(fmt.Sprintf("%q", words), fmt.Sprintf(`document.querySelector("[data-part=conversation]").innerText.includes(%q)`, words))
}

func (p *page) send(text string) {
	p.t.Helper()
	p.do(chromedp.Focus("#composer-text"), chromedp.KeyEvent(text), chromedp.KeyEvent(kb.Escape), chromedp.KeyEvent(kb.Enter))
}

func (p *page) shoot(name string) {
	p.t.Helper()
	png, err := chromedp.Run(p.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		p.t.Fatalf("take a screenshot: %v", err)
	}
	if err := os.WriteFile(name, png, 0o644); err != nil {
		p.t.Fatal(err)
	}
}

// The newcomer's way: open the page as the helpdesk person, ask about the caller
// whose new password does not work, read the cause and what to tell the caller.
// PWSYNC_SCREENSHOT names a file to keep the picture in.
func TestScreenshot(t *testing.T) {
	r := runningLab(t, 0)
	p := openPage(t, r.url+"/?as="+operator+"&channel="+helpdesk, 1360, 1000)
	p.send(slashCommand + " user " + personWith(r.estate.lab, "temporary-password"))
	p.untilSaid("must be changed at next logon")
	p.untilSaid("Sign in to a company computer")
	p.untilSaid("Only visible to you")
	// The answer is read from its top.
	time.Sleep(300 * time.Millisecond)
	name := os.Getenv("PWSYNC_SCREENSHOT")
	if name == "" {
		name = filepath.Join(t.TempDir(), "lab.png")
	}
	p.shoot(name)
}

// The buttons of a card work in the page: evidence, the ticket, sharing.
func TestButtonsInThePage(t *testing.T) {
	r := runningLab(t, 0)
	p := openPage(t, r.url+"/?as="+operator+"&channel="+helpdesk, 1360, 1000)
	p.send(slashCommand + " user " + personWith(r.estate.lab, "hash-stale"))
	p.untilSaid("older password")
	for _, step := range []struct{ button, says string }{{"Show Evidence", "Evidence"}, {"Copy for Ticket", "UTC"}} {
		p.press(step.button)
		p.untilSaid(step.says)
	}
	p.press("Share to Channel")
	p.press("Share")
	deadline := time.Now().Add(15 * time.Second)
	for len(r.chat.Messages(helpdesk, "U01VIEWER")) == 0 {
		if time.Now().After(deadline) {
			t.Fatal("nobody else sees the shared card")
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// press clicks the newest button with this label.
func (p *page) press(label string) {
	p.t.Helper()
	p.until("a button "+label, fmt.Sprintf(`(() => {
		const b = [...document.querySelectorAll("button")].filter(e => e.innerText.trim() === %q && e.offsetParent !== null).pop();
		if (b) b.click();
		return !!b;
	})()`, label))
}
