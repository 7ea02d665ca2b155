package directory

import (
	"errors"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	ber "github.com/go-asn1-ber/asn1-ber"
	"github.com/go-ldap/ldap/v3"
)

// asked is one search as the server read it.
type asked struct {
	base       string
	scope      int
	limit      int
	filter     string
	attributes []string
}

// said is what it answers: entries, then a result.
type said struct {
	entries []*ldap.Entry
	code    int
	text    string
	// referral adds a search result reference; hang and drop answer with silence
	// and with the end of the connection.
	referral   string
	hang, drop bool
}

// controller is a scripted domain controller on loopback.
type controller struct {
	t        *testing.T
	listener net.Listener
	bind     func(user, password string) (code int, text string)
	search   func(asked) said

	mu       sync.Mutex
	conns    map[net.Conn]bool
	opened   int
	binds    int
	searches []asked
	wg       sync.WaitGroup
	quit     chan struct{}
}

const (
	testUser     = "reader@north.example"
	testPassword = "correct horse"
)

func serve(t *testing.T, search func(asked) said) *controller {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &controller{t: t, listener: l, search: search, conns: map[net.Conn]bool{}, quit: make(chan struct{})}
	s.bind = func(user, password string) (int, string) {
		if user == testUser && password == testPassword {
			return 0, ""
		}
		return 49, "80090308: LdapErr: DSID-0C090569, comment: AcceptSecurityContext error, data 52e, v4f7c\x00"
	}
	s.wg.Go(s.accept)
	t.Cleanup(func() {
		close(s.quit)
		l.Close()
		s.dropAll()
		s.wg.Wait()
	})
	return s
}

func (s *controller) url() string { return "ldap://" + s.listener.Addr().String() }

func (s *controller) accept() {
	for {
		c, err := s.listener.Accept()
		if err != nil {
			return
		}
		s.mu.Lock()
		s.opened++
		s.conns[c] = true
		s.mu.Unlock()
		s.wg.Go(func() {
			defer c.Close()
			for s.answer(c) {
			}
		})
	}
}

// dropAll ends every connection, as a controller does that restarts.
func (s *controller) dropAll() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.conns {
		c.Close()
		delete(s.conns, c)
	}
}

func (s *controller) seen() (opened, binds int, searches []asked) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.opened, s.binds, append([]asked(nil), s.searches...)
}

func (s *controller) answer(c net.Conn) bool {
	packet, err := ber.ReadPacket(c)
	if err != nil || len(packet.Children) < 2 {
		return false
	}
	id, op := packet.Children[0].Value.(int64), packet.Children[1]
	switch op.Tag {
	case ldap.ApplicationBindRequest:
		s.mu.Lock()
		s.binds++
		bind := s.bind
		s.mu.Unlock()
		code, text := bind(string(op.Children[1].ByteValue), op.Children[2].Data.String())
		s.send(c, id, result(ldap.ApplicationBindResponse, code, text))
		return true
	case ldap.ApplicationSearchRequest:
		return s.found(c, id, op)
	default:
		return false
	}
}

func (s *controller) found(c net.Conn, id int64, op *ber.Packet) bool {
	q := asked{base: string(op.Children[0].ByteValue), scope: int(op.Children[1].Value.(int64)), limit: int(op.Children[3].Value.(int64))}
	filter, err := ldap.DecompileFilter(op.Children[6])
	if err != nil {
		s.t.Error(err)
	}
	q.filter = filter
	for _, a := range op.Children[7].Children {
		q.attributes = append(q.attributes, string(a.ByteValue))
	}
	s.mu.Lock()
	s.searches = append(s.searches, q)
	s.mu.Unlock()
	out := s.search(q)
	switch {
	case out.drop:
		return false
	case out.hang:
		<-s.quit
		return false
	}
	for _, e := range out.entries {
		s.send(c, id, searchEntry(e))
	}
	if out.referral != "" {
		ref := ber.Encode(ber.ClassApplication, ber.TypeConstructed, ldap.ApplicationSearchResultReference, nil, "")
		ref.AppendChild(octets(out.referral))
		s.send(c, id, ref)
	}
	s.send(c, id, result(ldap.ApplicationSearchResultDone, out.code, out.text))
	return true
}

func (s *controller) send(c net.Conn, id int64, op *ber.Packet) {
	packet := ber.Encode(ber.ClassUniversal, ber.TypeConstructed, ber.TagSequence, nil, "")
	packet.AppendChild(ber.NewInteger(ber.ClassUniversal, ber.TypePrimitive, ber.TagInteger, id, ""))
	packet.AppendChild(op)
	_, _ = c.Write(packet.Bytes())
}

func octets(v string) *ber.Packet {
	return ber.NewString(ber.ClassUniversal, ber.TypePrimitive, ber.TagOctetString, v, "")
}

func result(tag ber.Tag, code int, text string) *ber.Packet {
	op := ber.Encode(ber.ClassApplication, ber.TypeConstructed, tag, nil, "")
	op.AppendChild(ber.NewInteger(ber.ClassUniversal, ber.TypePrimitive, ber.TagEnumerated, int64(code), ""))
	op.AppendChild(octets(""))
	op.AppendChild(octets(text))
	return op
}

func searchEntry(e *ldap.Entry) *ber.Packet {
	op := ber.Encode(ber.ClassApplication, ber.TypeConstructed, ldap.ApplicationSearchResultEntry, nil, "")
	op.AppendChild(octets(e.DN))
	list := ber.Encode(ber.ClassUniversal, ber.TypeConstructed, ber.TagSequence, nil, "")
	for _, a := range e.Attributes {
		pair := ber.Encode(ber.ClassUniversal, ber.TypeConstructed, ber.TagSequence, nil, "")
		pair.AppendChild(octets(a.Name))
		values := ber.Encode(ber.ClassUniversal, ber.TypeConstructed, ber.TagSet, nil, "")
		for _, v := range a.Values {
			values.AppendChild(octets(v))
		}
		pair.AppendChild(values)
		list.AppendChild(pair)
	}
	op.AppendChild(list)
	return op
}

// forest returns a forest whose domains are the controllers, in order
// north.example, sub.north.example, ….
func forest(t *testing.T, change func(*Config), controllers ...*controller) *Forest {
	t.Helper()
	c := Config{
		Forest: "North.Example", User: testUser, AllowPlain: true,
		Password: func() (string, error) { return testPassword, nil },
		Now:      func() time.Time { return testNow },
	}
	names := []string{"north.example", "sub.north.example"}
	for i, s := range controllers {
		c.Domains = append(c.Domains, Domain{FQDN: names[i], NetBIOS: strings.ToUpper(strings.Split(names[i], ".")[0]), URLs: []string{s.url()}})
	}
	if change != nil {
		change(&c)
	}
	f, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

var testNow = time.Date(2026, 3, 10, 9, 0, 0, 0, time.UTC)

func contains(t *testing.T, what, text, want string) {
	t.Helper()
	if !strings.Contains(text, want) {
		t.Errorf("%s is %q, it should contain %q", what, text, want)
	}
}

var errVault = errors.New("the vault is sealed")
