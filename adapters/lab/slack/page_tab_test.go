package slack

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

var shots = flag.String("shots", "", "folder to write screenshots of the page to")

// chromium finds a browser. Without one the test is skipped, loudly; where
// everything must run, it fails.
func chromium(t *testing.T) string {
	t.Helper()
	for _, name := range []string{os.Getenv("CHROME"), "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "headless-shell"} {
		if name == "" {
			continue
		}
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	if os.Getenv("CI") == "true" {
		t.Fatal("no Chromium found, and CI=true: install chromium, or name it in CHROME")
	}
	t.Skip("SKIPPED: THE PAGE WAS NOT DRIVEN IN A BROWSER, because no Chromium was found (install chromium, or name it in CHROME)")
	return ""
}

// tab is one browser tab on a lab's page.
type tab struct {
	t   *testing.T
	ctx context.Context
	url string

	mu       sync.Mutex
	problems []string // what the browser complained about
}

func openTab(t *testing.T, url string) *tab {
	t.Helper()
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(chromium(t)), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.WindowSize(1280, 800))
	allocator, stop := chromedp.NewExecAllocator(context.Background(), opts...)
	t.Cleanup(stop)
	ctx, closeTab := chromedp.NewContext(allocator)
	t.Cleanup(closeTab)
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	t.Cleanup(cancel)
	b := &tab{t: t, ctx: ctx, url: url}
	err := chromedp.Listen(ctx, func(event any) {
		switch e := event.(type) {
		case *runtime.EventExceptionThrown:
			b.complain(fmt.Sprint(e.ExceptionDetails))
		case *log.EventEntryAdded:
			if e.Entry != nil && e.Entry.Level == log.EntryLevelError {
				b.complain(e.Entry.Text)
			}
		}
	})
	if err != nil {
		t.Fatalf("start browser: %v", err)
	}
	t.Cleanup(func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		if len(b.problems) > 0 {
			t.Errorf("the browser complained: %q", b.problems)
		}
	})
	return b
}

func (b *tab) complain(words string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.problems = append(b.problems, words)
}

func (b *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, steps...); err != nil {
		b.t.Fatalf("drive page: %v\n%s", err, b.text("body"))
	}
}

func (b *tab) open(address string) {
	b.t.Helper()
	b.do(chromedp.EmulateViewport(1280, 800), chromedp.Navigate(b.url+address))
	b.until("the page is there", `!!document.querySelector("[data-part=conversation]")`)
}

// js evaluates an expression in the page. The protocol's own evaluation is
// not bound by the page's content policy, which forbids eval.
func js[T any](b *tab, expression string) T {
	b.t.Helper()
	v, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		b.t.Fatalf("evaluate %s: %v", expression, err)
	}
	return v
}

func (b *tab) text(selector string) string {
	b.t.Helper()
	return js[string](b, fmt.Sprintf(`document.querySelector(%q)?.innerText ?? ""`, selector))
}

// until waits for an expression to become true.
func (b *tab) until(what, expression string) {
	b.t.Helper()
	deadline := time.Now().Add(15 * time.Second)
	for !js[bool](b, expression) {
		if time.Now().After(deadline) {
			b.t.Fatalf("never came: %s\nfocus: %s\nbox: %q\n%s", what, js[string](b, `document.activeElement?.outerHTML.slice(0, 200) ?? ""`),
				js[string](b, `document.querySelector("#composer-text")?.value ?? ""`), b.text("body"))
		}
		time.Sleep(20 * time.Millisecond)
	}
}

func (b *tab) untilText(selector, words string) {
	b.t.Helper()
	b.until(fmt.Sprintf("%q in %s", words, selector), fmt.Sprintf(`[...document.querySelectorAll(%q)].some((e) => e.innerText.includes(%q))`, selector, words))
}

func (b *tab) untilGone(selector string) {
	b.t.Helper()
	b.until(selector+" is gone", fmt.Sprintf(`!document.querySelector(%q)`, selector))
}

func (b *tab) untilFocus(selector string) {
	b.t.Helper()
	b.until("the focus on "+selector, fmt.Sprintf(`!!document.activeElement?.matches(%q)`, selector))
}

// keys types into whatever has the focus.
func (b *tab) keys(keys string) { b.t.Helper(); b.do(chromedp.KeyEvent(keys)) }

func (b *tab) click(selector string) {
	b.t.Helper()
	b.do(chromedp.WaitVisible(selector), chromedp.Click(selector))
}

// tabTo presses Tab, or Shift+Tab, until the element has the focus.
func (b *tab) tabTo(selector string, modifiers ...chromedp.KeyOption) {
	b.t.Helper()
	for range 60 {
		if js[bool](b, fmt.Sprintf(`!!document.activeElement?.matches(%q)`, selector)) {
			return
		}
		b.do(chromedp.KeyEvent(kb.Tab, modifiers...))
	}
	b.t.Fatalf("%s cannot be reached by keyboard", selector)
}

var backwards = chromedp.KeyModifiers(chromedp.ModifierShift)

// look sets what the person's system asks for.
func (b *tab) look(scheme string) {
	b.t.Helper()
	b.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
			{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"},
		}})
		return err
	}))
}

// shoot writes a screenshot where -shots asks for them.
func (b *tab) shoot(name string) {
	b.t.Helper()
	if *shots == "" {
		return
	}
	time.Sleep(300 * time.Millisecond) // fonts and scrolling settle
	png, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(*shots, name+".png"), png, 0o644); err != nil {
		b.t.Fatal(err)
	}
}
