package ad

import (
	"errors"
	"slices"
	"strings"

	"github.com/jimlambrt/gldap"

	"github.com/pwsync/pwsync/adapters/lab/estate"
)

// maxPage is how many entries AD returns without paging.
const maxPage = 1000

// constructed lists the attributes that AD works out only when asked for by
// name.
var constructed = []string{"msDS-User-Account-Control-Computed", "msDS-ReplAttributeMetaData"}

// search answers a search request.
func (d *Directory) search(w *gldap.ResponseWriter, r *gldap.Request) {
	done := r.NewSearchDoneResponse(gldap.WithResponseCode(gldap.ResultSuccess))
	defer func() { _ = w.Write(done) }() // a client that left needs no answer
	m, err := r.GetSearchMessage()
	if err != nil {
		done.SetResultCode(gldap.ResultProtocolError)
		done.SetDiagnosticMessage(err.Error())
		return
	}
	if m.BaseDN == "" && m.Scope == gldap.BaseObject {
		_ = d.sendEntry(w, r, m, d.rootDSE()) // a client that left needs no answer
		return
	}
	if !d.isBound(r.ConnectionID()) {
		done.SetResultCode(gldap.ResultOperationsError)
		done.SetDiagnosticMessage("000004DC: LdapErr: DSID-0C090A5C, comment: In order to perform this operation a successful bind must be completed on the connection., data 0, v4563")
		return
	}
	f, err := parseFilter(m.Filter)
	if err != nil {
		done.SetResultCode(gldap.ResultFilterError)
		done.SetDiagnosticMessage(err.Error())
		return
	}
	entries := d.world.Entries(d.domain.FQDN)
	if !d.locate(entries, m.BaseDN, done) {
		return
	}
	limit := maxPage
	if m.SizeLimit > 0 && m.SizeLimit < maxPage {
		limit = int(m.SizeLimit)
	}
	sent := 0
	for _, e := range entries {
		if !inScope(e.DN, m.BaseDN, m.Scope) || !f.matches(e) {
			continue
		}
		if sent == limit {
			done.SetResultCode(gldap.ResultSizeLimitExceeded)
			return
		}
		if err := d.sendEntry(w, r, m, e); err != nil {
			return
		}
		sent++
	}
}

// locate finds the base of a search, or says why it is not here.
func (d *Directory) locate(entries []estate.Entry, base string, done *gldap.SearchResponseDone) bool {
	if err := checkDN(base); err != nil {
		done.SetResultCode(gldap.ResultInvalidDNSyntax)
		done.SetDiagnosticMessage("0000208F: NameErr: DSID-03100231, problem 2006 (BAD_NAME), data 8350, best match of:\n\t'" + base + "'\n")
		return false
	}
	if !estate.UnderDN(base, d.domain.DN()) || d.inChild(base) {
		done.SetResultCode(gldap.ResultReferral)
		done.SetDiagnosticMessage("0000202B: RefErr: DSID-031007F9, data 0, 1 access points")
		return false
	}
	if slices.ContainsFunc(entries, func(e estate.Entry) bool { return estate.SameDN(e.DN, base) }) {
		return true
	}
	best := estate.ParentDN(base)
	for best != "" && !slices.ContainsFunc(entries, func(e estate.Entry) bool { return estate.SameDN(e.DN, best) }) {
		best = estate.ParentDN(best)
	}
	done.SetResultCode(gldap.ResultNoSuchObject)
	done.SetMatchedDN(best)
	done.SetDiagnosticMessage("0000208D: NameErr: DSID-0310028B, problem 2001 (NO_OBJECT), data 0, best match of:\n\t'" + best + "'\n")
	return false
}

// inChild reports whether a name belongs to a domain below this one, which
// another domain controller holds.
func (d *Directory) inChild(dn string) bool {
	for _, other := range d.domain.Forest.Domains {
		if other != d.domain && strings.HasSuffix(other.FQDN, "."+d.domain.FQDN) && estate.UnderDN(dn, other.DN()) {
			return true
		}
	}
	return false
}

var errBadName = errors.New("not a distinguished name")

// checkDN refuses what is not even shaped like a name: every part needs a type
// and a value.
func checkDN(dn string) error {
	for rest := dn; rest != ""; rest = estate.ParentDN(rest) {
		kind, value, ok := strings.Cut(rest, "=")
		if !ok || strings.TrimSpace(kind) == "" || value == "" || strings.ContainsAny(kind, `,+\"<>;`) || strings.HasSuffix(rest, `\`) && !strings.HasSuffix(rest, `\\`) {
			return errBadName
		}
	}
	return nil
}

func inScope(dn, base string, scope gldap.Scope) bool {
	switch scope {
	case gldap.BaseObject:
		return estate.SameDN(dn, base)
	case gldap.SingleLevel:
		return estate.SameDN(estate.ParentDN(dn), base)
	default:
		return estate.UnderDN(dn, base)
	}
}

// sendEntry returns one entry with the attributes that were asked for.
func (d *Directory) sendEntry(w *gldap.ResponseWriter, r *gldap.Request, m *gldap.SearchMessage, e estate.Entry) error {
	resp := r.NewSearchResponseEntry(e.DN)
	for _, name := range selected(m.Attributes, e) {
		values := e.Attributes[name]
		if m.TypesOnly {
			values = nil
		}
		resp.AddAttribute(name, values)
	}
	return w.Write(resp)
}

// selected lists the attributes of an entry that a request wants, in order.
func selected(asked []string, e estate.Entry) []string {
	all := len(asked) == 0 || slices.Contains(asked, "*")
	var out []string
	for name := range e.Attributes {
		named := slices.ContainsFunc(asked, func(a string) bool { return strings.EqualFold(a, name) })
		if named || all && !slices.Contains(constructed, name) {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

// rootDSE is what a domain controller says about itself to anybody.
func (d *Directory) rootDSE() estate.Entry {
	root := d.domain.Forest.Root().DN()
	dn := d.domain.DN()
	return estate.Entry{Attributes: map[string][]string{
		"defaultNamingContext":       {dn},
		"rootDomainNamingContext":    {root},
		"configurationNamingContext": {"CN=Configuration," + root},
		"schemaNamingContext":        {"CN=Schema,CN=Configuration," + root},
		"namingContexts":             {dn, "CN=Configuration," + root, "CN=Schema,CN=Configuration," + root, "DC=DomainDnsZones," + dn, "DC=ForestDnsZones," + root},
		"dnsHostName":                {d.domain.DCs[0].Host},
		"domainFunctionality":        {"7"},
		"forestFunctionality":        {"7"},
		"isGlobalCatalogReady":       {"TRUE"},
		"isSynchronized":             {"TRUE"},
		"supportedLDAPVersion":       {"3", "2"},
	}}
}
