package slack

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
)

func TestWhatAPayloadSaysAboutItself(t *testing.T) {
	at := time.Unix(1_800_000_000, 0)
	t.Run("a click is known by person, message, button and time of the press", func(t *testing.T) {
		read := func(user, ts, action, pressed string) string {
			raw := `{"type":"block_actions","team":{"id":"T1"},"user":{"id":"` + user + `"},"container":{"message_ts":"` + ts +
				`","channel_id":"C1"},"actions":[{"action_id":"` + action + `","value":"v","action_ts":"` + pressed + `"}]}`
			a, err := readInteraction([]byte(raw), at)
			if err != nil {
				t.Fatal(err)
			}
			return a.id
		}
		base := read("U1", "1.1", "again", "9.9")
		if again := read("U1", "1.1", "again", "9.9"); again != base {
			t.Error("the same press has two ids")
		}
		for _, other := range []string{read("U2", "1.1", "again", "9.9"), read("U1", "1.2", "again", "9.9"), read("U1", "1.1", "share", "9.9"), read("U1", "1.1", "again", "9.8")} {
			if other == base {
				t.Error("two presses have one id")
			}
		}
	})
	t.Run("without a trigger id a command has no id", func(t *testing.T) {
		a, err := readCommand([]byte(`{"user_id":"U1","command":"/pwsync","text":"help"}`), at)
		if err != nil || a.id != "" {
			t.Errorf("id %q, %v", a.id, err)
		}
	})
	t.Run("an organization's workspace is read from either place", func(t *testing.T) {
		for _, raw := range []string{
			`{"type":"shortcut","team":{"id":"T1","enterprise_id":"E1"},"user":{"id":"U1"}}`,
			`{"type":"shortcut","team":{"id":"T1"},"enterprise":{"id":"E1"},"user":{"id":"U1"}}`,
		} {
			if a, err := readInteraction([]byte(raw), at); err != nil || a.enterprise != "E1" || a.userTeam != "T1" {
				t.Errorf("%+v, %v", a, err)
			}
		}
	})
	t.Run("an error quotes nothing of the payload", func(t *testing.T) {
		for _, raw := range []string{`{"text":"zebra"`, `{"user_id":{"zebra":1}}`, `zebra`} {
			_, err := readCommand([]byte(raw), at)
			if err == nil || strings.Contains(err.Error(), "zebra") {
				t.Errorf("%s: %v", raw, err)
			}
		}
	})
	t.Run("lists that look alike when joined have different names", func(t *testing.T) {
		if digest("a", "bc") == digest("ab", "c") {
			t.Error("they have one")
		}
	})
}

func FuzzPayloads(f *testing.F) {
	for _, seed := range []string{
		`{"type":"block_actions","user":{"id":"U1"},"actions":[{"action_id":"a#2"}]}`,
		`{"type":"view_submission","user":{"id":"U1"},"view":{"id":"V1","state":{"values":{"who":{"name":{"value":"x"}}}}}}`,
		`{"type":"event_callback","event":{"type":"app_home_opened","user":"U1","tab":"home"}}`,
		`{"user_id":"U1","command":"/pwsync","trigger_id":"1.2"}`,
		`{"actions":[]}`, `{"enterprise":null}`, `[]`, `null`, `a=b&a=c`, `%zz`, ``,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		at := time.Unix(1_800_000_000, 0)
		for _, read := range []func() (arrival, error){
			func() (arrival, error) { return readCommand(raw, at) },
			func() (arrival, error) { return readInteraction(raw, at) },
			func() (arrival, error) { _, a, err := readEvent(raw, at); return a, err },
		} {
			a, err := read()
			if err != nil && a.kind != "" {
				t.Error("an error comes with an arrival")
			}
			if a.kind != "" && a.user == "" {
				t.Errorf("a %s by nobody", a.kind)
			}
		}
		form, err := readForm(raw)
		for name, values := range form {
			if err == nil && len(values) != 1 {
				t.Errorf("field %q has %d values", name, len(values))
			}
		}
		if !json.Valid(raw) && err == nil && len(form) > maxFields {
			t.Error("more fields than allowed")
		}
	})
}
