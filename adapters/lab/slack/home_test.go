package slack

import (
	"context"
	"testing"
	"time"
)

const buttonHome = `{"type":"home","blocks":` + buttonBlocks + `}`

func (l *lab) home(person string) func() OpenView {
	shown := make(chan OpenView, 1)
	go func() {
		var v OpenView
		l.get("/lab/home?as="+person, &v)
		shown <- v
	}()
	return func() OpenView {
		l.t.Helper()
		select {
		case v := <-shown:
			return v
		case <-time.After(10 * time.Second):
			l.t.Fatal("the Home was never shown")
			return OpenView{}
		}
	}
}

func TestLookingAtAHomeForTheFirstTimeOpensIt(t *testing.T) {
	l := startLab(t, nil)
	a := l.connect()
	shown := l.home("vera")
	e := a.next()
	if event, _ := e.Payload["event"].(map[string]any); event["type"] != "app_home_opened" || event["user"] != viewerID {
		t.Fatalf("looking sent %v", e.Payload)
	}
	a.ack(e.ID, nil)
	mustOK(t, l.form("views.publish", "user_id", operatorID, "view", buttonHome)) // somebody else's
	mustOK(t, l.form("views.publish", "user_id", viewerID, "view", buttonHome))
	if v := shown(); v.ID == "" || len(v.Blocks) != 1 {
		t.Errorf("the Home is %+v", v)
	}
	if v := l.home("vera")(); v.ID == "" {
		t.Errorf("the second look shows %+v", v)
	}
	a.none(50 * time.Millisecond) // what is there already is only shown
}

func TestAHomeThatNobodyPublishesIsShownEmpty(t *testing.T) {
	l := startLab(t, nil)
	if v := l.home("vera")(); v.Type != "home" || v.ID != "" || v.Blocks == nil {
		t.Errorf("without an app: %+v", v)
	}
	l.connect() // takes the event, and never answers
	begin := time.Now()
	if v := l.home("otto")(); v.Type != "home" || v.ID != "" || v.Blocks == nil {
		t.Errorf("with a silent app: %+v", v)
	}
	if took := time.Since(begin); took > homePatience+time.Second {
		t.Errorf("that took %v", took)
	}
}

func TestAClickWithoutAPlaceIsInTheModalElseInTheHome(t *testing.T) {
	l := startLab(t, nil)
	a := l.connect()
	click := func(action string) Outcome {
		o, err := l.Click(context.Background(), Click{User: viewerID, ActionID: action, Selected: "x"})
		if err != nil {
			t.Fatal(err)
		}
		return o
	}
	if o := click("go"); o.Acknowledged || o.Error == "" {
		t.Errorf("with nothing open: %+v", o)
	}
	mustOK(t, l.form("views.publish", "user_id", viewerID, "view", buttonHome))
	home, _ := l.Home(viewerID)
	inHome := func(name string) {
		t.Helper()
		e := l.click(a, Click{User: viewerID, ActionID: "go"})
		if c, _ := e["container"].(map[string]any); c["view_id"] != home.ID {
			t.Errorf("%s: the click came from %v", name, e["container"])
		}
	}
	inHome("with a Home only")
	l.open(a)
	inHome("with a modal that has no such button")
	if o := click("name"); !o.Acknowledged {
		t.Errorf("an input of the modal: %+v", o)
	}
	if o := click("nowhere"); o.Acknowledged || o.Error == "" {
		t.Errorf("what is nowhere: %+v", o)
	}
}

func TestPeopleHaveTimeZones(t *testing.T) {
	winter, summer := time.Date(2026, 1, 15, 12, 0, 0, 0, time.UTC), time.Date(2026, 7, 15, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name string
		at   time.Time
		want zone
	}{
		{"Europe/Berlin", winter, zone{"Europe/Berlin", "Central European Time", 3600}},
		{"Europe/Berlin", summer, zone{"Europe/Berlin", "Central European Summer Time", 7200}},
		{"America/New_York", winter, zone{"America/New_York", "Eastern Standard Time", -18000}},
		{"America/New_York", summer, zone{"America/New_York", "Eastern Daylight Time", -14400}},
		{"Asia/Tokyo", summer, zone{"Asia/Tokyo", "Japan Standard Time", 32400}},
		{"", winter, zone{"Etc/UTC", "Coordinated Universal Time", 0}},
	} {
		if got := zoneOf(c.name, c.at); got != c.want {
			t.Errorf("%s at %v: %+v", c.name, c.at, got)
		}
	}
	l := startLab(t, func(cfg *Config) { cfg.People[0].TimeZone = "Asia/Tokyo" })
	user := mustOK(t, l.form("users.info", "user", viewerID))["user"].(map[string]any)
	if user["tz"] != "Asia/Tokyo" || user["tz_offset"] != 32400.0 || user["tz_label"] != "Japan Standard Time" {
		t.Errorf("users.info shows %v %v %v", user["tz"], user["tz_offset"], user["tz_label"])
	}
	cfg := testConfig()
	cfg.People[0].TimeZone = "Mars/Olympus"
	if _, err := New(cfg); err == nil {
		t.Error("a zone that does not exist is accepted")
	}
}
