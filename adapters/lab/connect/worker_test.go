package connect

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/pwsync/pwsync/adapters/lab/clock"
	"github.com/pwsync/pwsync/adapters/lab/estate"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

type rig struct {
	world  *estate.Estate
	clock  *clock.Clock
	worker *Worker
}

func newRig(t testing.TB, host string, latency time.Duration) *rig {
	t.Helper()
	c := clock.New(true)
	e, err := estate.New(c)
	if err != nil {
		t.Fatal(err)
	}
	r := &rig{e, c, New(e, host, latency)}
	t.Cleanup(func() {
		if err := r.worker.Close(); err != nil {
			t.Error(err)
		}
		e.Close()
		c.Close()
	})
	return r
}

// dialog is one open session, read line by line.
type dialog struct {
	t    testing.TB
	conn io.ReadWriteCloser
	in   *bufio.Reader
}

func (r *rig) open(t testing.TB) *dialog {
	t.Helper()
	conn, err := r.worker.Open(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return &dialog{t, conn, bufio.NewReader(conn)}
}

func (d *dialog) send(line string) {
	d.t.Helper()
	if _, err := io.WriteString(d.conn, line+"\n"); err != nil {
		d.t.Fatal(err)
	}
}

// frame reads the next framed line and holds it to the protocol.
func (d *dialog) frame() map[string]any {
	d.t.Helper()
	for {
		line, err := d.in.ReadString('\n')
		if err != nil {
			d.t.Fatal(err)
		}
		for _, c := range []byte(line) {
			if c >= 0x80 {
				d.t.Fatalf("byte %#x in %q", c, line)
			}
		}
		body, framed := strings.CutPrefix(line, "PWSYNC1 ")
		if !framed {
			continue
		}
		var out map[string]any
		if err := json.Unmarshal([]byte(body), &out); err != nil {
			d.t.Fatalf("frame %q: %v", line, err)
		}
		return out
	}
}

func (d *dialog) ask(verb, args string) map[string]any {
	d.t.Helper()
	d.send(fmt.Sprintf(`{"id":41,"verb":%q,"args":%s,"deadlineMs":20000}`, verb, args))
	out := d.frame()
	if out["id"] != float64(41) {
		d.t.Fatalf("the reply is for %v", out["id"])
	}
	return out
}

func facts(t testing.TB, reply map[string]any) map[string]any {
	t.Helper()
	out, ok := reply["facts"].(map[string]any)
	if !ok || reply["ok"] != true {
		t.Fatalf("no facts in %v", reply)
	}
	return out
}

func TestASessionBeginsWithAHello(t *testing.T) {
	d := newRig(t, "CONNECT01", 0).open(t)
	defer d.conn.Close()
	first, err := d.in.ReadString('\n')
	if err != nil || strings.HasPrefix(first, prefix) {
		t.Errorf("the console says nothing first: %q, %v", first, err)
	}
	hello, ok := d.frame()["hello"].(map[string]any)
	if !ok || hello["protocol"] != float64(1) || hello["host"] != "CONNECT01" || hello["module"] != "loaded" || hello["utc"] != "2026-03-10T09:00:00Z" || hello["journal"] != nil {
		t.Errorf("hello %v", hello)
	}
}

// documented lists the keys of the verb server in the protocol's document.
var documented = []string{
	"service", "version", "scheduler", "globalSettings", "companyFeature", "connectors", "passwordSyncConfiguration", "partitionState", "rules", "ruleAudit",
	"runStatus", "runResults", "connectorOverrides", "domainReachability", "accountLogon", "ports", "entraConnectivity", "entraCredential", "flags", "database",
}

func TestServerAnswersEveryDocumentedKey(t *testing.T) {
	d := newRig(t, "CONNECT01", 0).open(t)
	defer d.conn.Close()
	d.frame()
	got := facts(t, d.ask("server", `{}`))
	for _, key := range documented {
		if _, ok := got[key]; !ok {
			t.Errorf("%s is missing", key)
		}
	}
	if len(got) != len(documented) {
		t.Errorf("%d keys, %d are documented", len(got), len(documented))
	}
}

func TestAStoppedServiceCostsEveryKeyThatAsksTheEngine(t *testing.T) {
	r := newRig(t, "CONNECT01", 0)
	if err := r.world.SetFaults([]string{"adsync-service-stopped"}, nil); err != nil {
		t.Fatal(err)
	}
	d := r.open(t)
	defer d.conn.Close()
	d.frame()
	reply := d.ask("server", `{}`)
	got, errs := facts(t, reply), reply["errors"].(map[string]any)
	for _, key := range documented {
		_, there := got[key]
		_, failed := errs[key]
		if there == failed {
			t.Errorf("%s: answered %t, failed %t", key, there, failed)
		}
	}
	if got["service"].(map[string]any)["state"] != "Stopped" {
		t.Errorf("service %v", got["service"])
	}
}

func TestUserWalksThePersonFromStationToStation(t *testing.T) {
	r := newRig(t, "CONNECT01", 0)
	d := r.open(t)
	defer d.conn.Close()
	d.frame()
	contoso := r.world.Forests()[0].ConnectorID
	for _, c := range []struct {
		name, dn   string
		mv, entra  bool
		status     string
		adCs, flag bool
	}{
		{name: "a temporary password was filtered", dn: `CN=Maya Lindqvist,OU=Sales,OU=Corp,DC=contoso,DC=com`, adCs: true, mv: true, entra: true, status: "FilteredByTarget", flag: true},
		{name: "a comma in the name does not matter", dn: `cn=Doe\2c Jane,OU=Leadership,OU=Corp,DC=contoso,DC=com`, adCs: true, mv: true, entra: true, status: "Success", flag: true},
		{name: "a disconnector ends at the first station", dn: `CN=Grace Abernathy,OU=Sales,OU=Corp,DC=contoso,DC=com`, adCs: true, status: "NoTargetConnection"},
		{name: "somebody outside the filter is not there", dn: `CN=Rashida Okonkwo,OU=External,DC=contoso,DC=com`},
		{name: "nobody is not there", dn: `CN=Nobody,DC=contoso,DC=com`},
	} {
		t.Run(c.name, func(t *testing.T) {
			args, err := json.Marshal(map[string]any{"connectorId": strings.ToUpper(contoso), "dn": c.dn, "logCount": 1})
			if err != nil {
				t.Fatal(err)
			}
			got := facts(t, d.ask("user", string(args)))
			if (got["adCs"] != nil) != c.adCs || (got["mv"] != nil) != c.mv || (got["entraCs"] != nil) != c.entra {
				t.Errorf("stations %v, %v, %v", got["adCs"], got["mv"], got["entraCs"])
			}
			log := got["log"].([]any)
			if c.status == "" && len(log) != 0 || c.status != "" && (len(log) != 1 || log[0].(map[string]any)["status"] != c.status) {
				t.Errorf("log %v", log)
			}
			if flags := got["ruleFlags"].([]any); (len(flags) > 4) != c.flag {
				t.Errorf("rule flags %v", flags)
			}
		})
	}
}

func TestEventsAnswersEachQuery(t *testing.T) {
	d := newRig(t, "CONNECT01", 0).open(t)
	defer d.conn.Close()
	d.frame()
	got := facts(t, d.ask("events", `{"queries":[`+strings.Join([]string{
		`{"sources":["directory synchronization"],"ids":[654],"since":"2026-03-09T09:00:00Z","max":3}`,
		`{"sources":["Directory Synchronization"],"since":"2026-03-10T08:30:00Z","max":500}`,
		`{"sources":["ADSync"],"since":"2026-03-10T08:30:00Z","max":500}`,
	}, ",")+`]}`))
	answers := got["answers"].([]any)
	if len(answers) != 3 || got["oldest"] == nil || got["maxBytes"] == nil {
		t.Fatalf("answers %v", got)
	}
	first := answers[0].(map[string]any)
	if first["truncated"] != true || len(first["events"].([]any)) != 3 {
		t.Errorf("three heartbeats: %v", first)
	}
	last := ""
	for _, e := range answers[1].(map[string]any)["events"].([]any) {
		at := e.(map[string]any)["time"].(string)
		if last != "" && at > last {
			t.Errorf("%s after %s", at, last)
		}
		last = at
	}
	if last == "" || last < "2026-03-10T08:30" {
		t.Errorf("the oldest event is of %q", last)
	}
}

func TestWhatIsNotARequestIsSurvived(t *testing.T) {
	d := newRig(t, "CONNECT01", 0).open(t)
	defer d.conn.Close()
	d.frame()
	d.send("")
	d.send("not JSON")
	d.send(`{"id":`)
	for _, c := range []struct{ verb, args, want string }{
		{"reboot", `{}`, "unknown verb"},
		{"push-user", `{}`, "unknown verb"},
		{"user", `[]`, "arguments of user"},
		{"user", `{"dn":""}`, "needs connectorId"},
		{"events", `{"queries":7}`, "arguments of events"},
		{"events", `{"queries":[` + strings.Repeat(`{},`, 30) + `{}]}`, "at most"},
	} {
		got := d.ask(c.verb, c.args)
		if got["ok"] != false || !strings.Contains(fmt.Sprint(got["error"]), c.want) {
			t.Errorf("%s %s: %v", c.verb, c.args, got)
		}
	}
	d.send(`{"id":9,"verb":"user","args":"` + strings.Repeat("x", maxRequest) + `"}`)
	if got := d.frame(); got["ok"] != false {
		t.Errorf("a line without end: %v", got)
	}
}

func TestAServerThatCannotBeReachedRefusesAndDropsItsSessions(t *testing.T) {
	r := newRig(t, "CONNECT01", 0)
	d := r.open(t)
	defer d.conn.Close()
	d.frame()
	if err := r.world.SetFaults([]string{"server-unreachable"}, nil); err != nil {
		t.Fatal(err)
	}
	r.worker.Refresh()
	if _, err := d.in.ReadString('\n'); err == nil {
		t.Error("the session goes on")
	}
	if _, err := r.worker.Open(context.Background()); err == nil || !strings.Contains(err.Error(), "CONNECT01") {
		t.Errorf("open: %v", err)
	}
	if err := r.world.SetFaults(nil, []string{"server-unreachable"}); err != nil {
		t.Fatal(err)
	}
	r.open(t).frame()
}

func TestASessionThatIsNoLongerTrueEndsAtTheNextRequest(t *testing.T) {
	for _, fault := range []string{"server-unreachable", "resync-interrupted"} {
		r := newRig(t, "CONNECT01", 0)
		d := r.open(t)
		d.frame()
		if err := r.world.SetFaults([]string{fault}, nil); err != nil {
			t.Fatal(err)
		}
		d.send(`{"id":1,"verb":"server","args":{}}`)
		if line, err := d.in.ReadString('\n'); err == nil {
			t.Errorf("%s: it answers %.80q", fault, line)
		}
	}
}

func TestAnInterruptedResyncIsToldByTheNextHello(t *testing.T) {
	r := newRig(t, "CONNECT01", 0)
	old := r.open(t)
	old.frame()
	if err := r.world.SetFaults([]string{"resync-interrupted"}, nil); err != nil {
		t.Fatal(err)
	}
	r.worker.Refresh()
	if _, err := old.in.ReadString('\n'); err == nil {
		t.Error("the old session goes on")
	}
	hello := r.open(t).frame()["hello"].(map[string]any)
	journal, ok := hello["journal"].(map[string]any)
	if !ok || journal["connector"] != "contoso.com" || journal["step"] != "disabled" {
		t.Errorf("journal %v", hello["journal"])
	}
}

func TestSessionsAreBounded(t *testing.T) {
	r := newRig(t, "CONNECT01", 0)
	for range maxSessions {
		r.open(t)
	}
	if _, err := r.worker.Open(context.Background()); err == nil {
		t.Error("one more was opened")
	}
}

func TestOneRequestAtATimeTakesTheLatency(t *testing.T) {
	const latency = 30 * time.Millisecond
	d := newRig(t, "CONNECT01", latency).open(t)
	defer d.conn.Close()
	d.frame()
	began := time.Now()
	var writing sync.WaitGroup
	writing.Go(func() {
		for id := range 3 {
			d.send(fmt.Sprintf(`{"id":%d,"verb":"events","args":{}}`, id))
		}
	})
	for id := range 3 {
		if got := d.frame(); got["id"] != float64(id) {
			t.Errorf("reply %v in place %d", got["id"], id)
		}
	}
	writing.Wait()
	if took := time.Since(began); took < 3*latency {
		t.Errorf("three requests took %v", took)
	}
}

// transcript is everything that a worker says to a fixed list of requests.
func transcript(t *testing.T) string {
	r := newRig(t, "CONNECT01", 0)
	if err := r.world.SetFaults([]string{"replication-rights-missing", "temporary-password"}, nil); err != nil {
		t.Fatal(err)
	}
	if err := r.clock.Advance(context.Background(), 3*time.Hour); err != nil {
		t.Fatal(err)
	}
	conn, err := r.worker.Open(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	var said strings.Builder
	in := bufio.NewReader(io.TeeReader(conn, &said))
	d := &dialog{t, conn, in}
	d.frame()
	d.ask("server", `{}`)
	d.ask("events", `{"queries":[{"sources":["Directory Synchronization"],"since":"2026-03-05T00:00:00Z","max":5000}]}`)
	for _, x := range r.world.Expectations() {
		for _, f := range r.world.Forests() {
			args, err := json.Marshal(map[string]any{"connectorId": f.ConnectorID, "dn": x.DN})
			if err != nil {
				t.Fatal(err)
			}
			d.ask("user", string(args))
		}
	}
	return said.String()
}

func TestTwoLabsThatAreToldTheSameSayTheSame(t *testing.T) {
	a, b := transcript(t), transcript(t)
	if a != b {
		for i := range min(len(a), len(b)) {
			if a[i] != b[i] {
				t.Fatalf("they differ at %d: %.200q, %.200q", i, a[max(0, i-80):], b[max(0, i-80):])
			}
		}
		t.Fatal("one says more than the other")
	}
	if len(a) < 100_000 {
		t.Errorf("only %d bytes were said", len(a))
	}
}

func TestAskingFromManySidesWhileTheWorldChanges(t *testing.T) {
	r := newRig(t, "CONNECT01", 0)
	var all sync.WaitGroup
	for range 4 {
		d := r.open(t)
		all.Go(func() {
			defer d.conn.Close()
			d.frame()
			for range 5 {
				facts(t, d.ask("server", `{}`))
			}
		})
	}
	all.Go(func() {
		for _, f := range []string{"staging-mode", "cycle-failing", "hash-stale"} {
			if err := r.world.SetFaults([]string{f}, nil); err != nil {
				t.Error(err)
			}
			if err := r.clock.Advance(context.Background(), 7*time.Minute); err != nil {
				t.Error(err)
			}
		}
	})
	all.Wait()
}

func FuzzARequestNeverEndsTheWorker(f *testing.F) {
	f.Add(`{"id":1,"verb":"user","args":{"dn":"CN=\\","connectorId":"x"}}`)
	f.Add(`{"id":"x","verb":"events","args":{"queries":[{"max":-1,"since":"2026-01-01T00:00:00Z"}]}}`)
	r := newRig(f, "CONNECT01", 0)
	f.Fuzz(func(t *testing.T, line string) {
		if strings.ContainsAny(line, "\r\n") || len(line) > 4096 {
			t.Skip()
		}
		d := r.open(t)
		defer d.conn.Close()
		d.frame()
		d.send(line)
		d.send(`{"id":77,"verb":"events","args":{}}`)
		for d.frame()["id"] != float64(77) {
		}
	})
}
