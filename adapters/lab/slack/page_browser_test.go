package slack

import (
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// pageLab is the lab of the server's tests with commands that complete.
func pageLab(t *testing.T) *lab {
	t.Helper()
	return startLab(t, func(c *Config) {
		c.World = stillWorld{}
		c.Commands = helpdesk(t).commands
		c.Channels[0].Members = append(c.Channels[0].Members, "U0GONE")
	})
}

const card = ".msg.is-ephemeral"

func TestBrowserAsksAsAnotherPerson(t *testing.T) {
	chromium(t)
	l := pageLab(t)
	startPageBot(l)
	b := openTab(t, l.url)
	b.open("/?as=vera")
	b.untilText("h1", "helpdesk")
	b.untilText(".switcher summary", "Vera")
	b.untilText("#empty", "/pwsync user mona.berg@corp.example")

	b.click(".switcher summary")
	b.click(`.switcher-menu a[href*="U0OPER"]`)
	b.untilText(".switcher summary", "Otto")
	b.until("the address names the person", `location.search.includes("as=U0OPER") && location.search.includes("channel=C0HELP")`)
	b.untilFocus("#composer-text")

	b.keys("/pw")
	b.untilText("#completion", "Password sync, explained")
	b.keys(kb.Tab)
	b.until("the command is complete", `document.querySelector("#composer-text").value === "/pwsync "`)
	b.keys("us" + kb.ArrowDown)
	b.until("the first suggestion is marked", `document.querySelector("#composer-text").getAttribute("aria-activedescendant") === "suggestion-0"`)
	b.keys(kb.Enter)
	b.until("the suggestion is taken", `document.querySelector("#composer-text").value === "/pwsync user mona.berg@corp.example"`)
	b.keys(kb.Enter)
	b.untilText(card, "Only visible to you")
	b.untilText(card, "Temporary password: Mona Berg must change it first")
	if got := l.seenBy(viewerID, helpdeskID); len(got) != 0 {
		t.Errorf("Vera sees what only Otto may see: %q", got)
	}
	if got := l.seenBy(operatorID, helpdeskID); len(got) != 1 {
		t.Errorf("Otto sees %q", got)
	}

	b.keys(kb.ArrowUp)
	b.until("the last command is recalled", `document.querySelector("#composer-text").value === "/pwsync user mona.berg@corp.example"`)
	b.keys(kb.ArrowDown)
	b.until("and put away again", `document.querySelector("#composer-text").value === ""`)

	b.click(card + ` details.overflow summary`)
	b.click(card + ` [data-selected=evidence]`)
	b.untilText(".msg", "Chosen: evidence")
	b.click(card + ` [data-action=check_again]`)
	b.untilText(".msg", "Checked again: still blocked.")
	b.until("the card is replaced", `!document.body.innerText.includes("must change it first")`)

	b.keys("/")
	b.keys("pwsync share" + kb.Enter)
	b.untilText(".msg:not(.is-ephemeral) strong", "Shared")
	if got := l.seenBy(viewerID, helpdeskID); len(got) != 1 {
		t.Errorf("Vera sees %q, want what was shared", got)
	}
}

func TestBrowserFillsAModal(t *testing.T) {
	chromium(t)
	l := pageLab(t)
	bot := startPageBot(l)
	b := openTab(t, l.url)
	b.open("/?as=otto&channel=helpdesk")
	b.untilFocus("#composer-text")
	b.keys("/pwsync user mona" + kb.Enter)
	b.click(card + ` [data-action=push]`)
	b.untilText("dialog.confirm[open]", "The hash is sent to Microsoft Entra at once.")
	b.click(`dialog.confirm[open] [data-answer=no]`)
	b.untilGone("dialog.confirm[open]")
	b.until("nothing happened", `!document.querySelector("#modal").open`)
	b.click(card + ` [data-action=push]`)
	b.click(`dialog.confirm[open] [data-answer=yes]`)
	b.untilText("#modal[open] h2", "Push Password")
	b.untilFocus("#modal [data-action=text]")

	b.keys(kb.Enter)
	b.untilText("#modal .field-problem", "Please complete this required field.")
	b.untilFocus("#modal [data-action=text]")
	b.click(`#modal input[value=tonight]`)
	b.click(`#modal input[value=tell]`)
	b.do(chromedp.SendKeys(`#modal select`, "eu"))
	b.click(`#modal [data-action=text]`)
	b.keys("because" + kb.Enter)
	b.untilText("#modal .field-problem", "Name the ticket, for example INC-4711.")
	b.until("what was answered stays", `document.querySelector("#modal input[value=tonight]").checked && document.querySelector("#modal [data-action=text]").value === "because"`)
	b.until("the complaint is told with the field", `document.getElementById(document.querySelector("#modal [data-action=text]").getAttribute("aria-describedby").split(" ")[0]).innerText.includes("INC-4711")`)
	b.untilFocus("#modal [data-action=text]")
	b.keys(" INC-1" + kb.Enter)
	b.untilGone("#modal form")
	b.until("the modal is closed", `!document.querySelector("#modal").open`)
	b.untilText(".msg", "Push requested")
	posted := strings.Join(l.seenBy(operatorID, helpdeskID), "\n")
	for _, want := range []string{`because INC-1`, `"value":"tonight"`, `"value":"tell"`, `"value":"eu"`} {
		if !strings.Contains(posted, want) {
			t.Errorf("the app did not get %s: %s", want, posted)
		}
	}

	b.click(card + ` [data-action=push]`)
	b.click(`dialog.confirm[open] [data-answer=yes]`)
	b.untilText("#modal[open] h2", "Push Password")
	b.keys(kb.Escape)
	b.until("Escape closes the modal", `!document.querySelector("#modal").open`)
	b.until("the focus is back where it was", `document.activeElement.dataset.action === "push"`)
	for range 100 {
		if bot.closedModals() == 1 {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	if n := bot.closedModals(); n != 1 {
		t.Errorf("the app heard of %d closed modals, want 1", n)
	}
}

func TestBrowserByKeyboardAlone(t *testing.T) {
	chromium(t)
	l := pageLab(t)
	startPageBot(l)
	b := openTab(t, l.url)
	b.open("/?as=U0OPER&channel=C0HELP")
	b.untilFocus("#composer-text")

	// From the top: the skip link leads to the composer.
	js[bool](b, `document.activeElement.blur() || true`)
	b.do(chromedp.KeyEvent(kb.Tab))
	b.tabTo(".skip")
	b.keys(kb.Enter)
	b.untilFocus("#composer-text")

	// Switch person and channel.
	b.tabTo(".switcher summary", backwards)
	b.keys(kb.Enter)
	b.tabTo(`.switcher-menu a[href*="U0VIEWER"]`)
	b.keys(kb.Enter)
	b.untilText(".switcher summary", "Vera")
	b.tabTo(`a[data-nav-channel="C0QUIET"]`, backwards)
	b.keys(kb.Enter)
	b.untilText("h1", "quiet")
	b.tabTo(`a[data-nav-channel="C0HELP"]`, backwards)
	b.keys(kb.Enter)
	b.untilText("h1", "helpdesk")

	// Ask, press a button, confirm, answer, and leave the modal.
	b.untilFocus("#composer-text")
	b.keys("/pwsync user mona" + kb.Enter)
	b.untilText(card, "Temporary password")
	b.tabTo("[data-action=push]", backwards)
	if outline := js[string](b, `getComputedStyle(document.activeElement).outlineStyle + getComputedStyle(document.activeElement).outlineWidth`); outline != "solid2px" {
		t.Errorf("the focused button has outline %q, want it visible", outline)
	}
	b.keys(kb.Enter)
	b.untilText("dialog.confirm[open]", "Push the password of Mona Berg?")
	b.tabTo("dialog.confirm[open] [data-answer=yes]")
	b.keys(kb.Enter)
	b.untilFocus("#modal [data-action=text]")
	for range 30 { // the modal keeps the focus, however long one tabs
		b.do(chromedp.KeyEvent(kb.Tab))
		if js[bool](b, `!!document.activeElement && document.activeElement !== document.body && !document.activeElement.closest("#modal")`) {
			t.Fatal("the focus left the modal")
		}
	}
	b.keys(kb.Escape)
	b.until("Escape closes the modal", `!document.querySelector("#modal").open`)

	// The panel opens and closes, and a fault is switched, by keyboard too.
	b.tabTo("#faults-Slack summary")
	b.keys(kb.Enter)
	b.tabTo("#fault-slack-slow")
	b.keys(" ")
	b.until("the fault is on", `document.querySelector("#fault-slack-slow").getAttribute("aria-checked") === "true" && document.querySelector(".main-head .count")?.innerText === "1"`)
	b.untilFocus("#fault-slack-slow")
	if !l.faults.active(faultSlow) {
		t.Error("the workspace's fault is not on")
	}
	b.tabTo("#faults-clear", backwards)
	b.keys(kb.Enter)
	b.untilGone(".main-head .count")
	b.tabTo("#panel-toggle", backwards)
	b.keys(kb.Enter)
	b.until("the panel is closed", `getComputedStyle(document.querySelector("#panel")).display === "none"`)
	b.keys(kb.Enter)
	b.until("and open again", `getComputedStyle(document.querySelector("#panel")).display !== "none"`)
}

func TestBrowserShowsWhatGoesWrong(t *testing.T) {
	chromium(t)
	l := pageLab(t)
	startPageBot(l)
	b := openTab(t, l.url)
	b.open("/?as=otto&channel=helpdesk")
	b.untilFocus("#composer-text")
	b.keys("/pwsync silence" + kb.Enter)
	b.untilText("#composer-status.is-problem", "did not respond")
	b.untilText("#composer-status.is-problem", "Only visible to you")
	b.until("the text stays in the box", `document.querySelector("#composer-text").value === "/pwsync silence"`)
	b.keys(kb.Backspace)
	b.until("typing puts the error away", `document.querySelector("#composer-status").innerText === ""`)

	js[bool](b, `(document.querySelector("#composer-text").value = "", true)`)
	b.keys("hello" + kb.Enter)
	b.untilText("#composer-status.is-problem", "slash commands only")

	js[bool](b, `(document.querySelector("#composer-text").value = "", true)`)
	b.keys("/pwsync user mona" + kb.Enter)
	b.untilText(card, "Temporary password")
	if err := l.SetFaults([]string{faultDropAck}, nil); err != nil {
		t.Fatal(err)
	}
	b.click(card + ` [data-action=share]`)
	b.until("the failed click is marked", `document.querySelector("[data-action=share]").closest(".bk-actions").querySelector(".action-problem")?.innerText.length > 3`)
}

func TestBrowserOpensTheHomeTab(t *testing.T) {
	chromium(t)
	l := pageLab(t)
	startPageBot(l)
	b := openTab(t, l.url)
	b.open("/?as=vera")
	b.untilFocus("#composer-text")
	b.click(`a[data-home]`)
	b.untilText(".home", "Nothing waits for you")
	b.click(".tabs a:not([aria-current])")
	b.untilText(".place-note", "Direct message with the app")
	if err := chromedp.Do(b.ctx, chromedp.NavigateBack()); err != nil {
		t.Fatal(err)
	}
	b.untilText(".home", "Nothing waits for you")
}
