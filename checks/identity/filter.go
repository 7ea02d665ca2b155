package identity

import (
	"strings"

	"github.com/pwsync/pwsync/checks/dn"
)

const (
	objectGUID      = "objectGUID"
	consistencyGUID = "mS-DS-ConsistencyGuid"
)

// LDAPFilter turns a query into an LDAP search: the filter, and the DN whose
// one entry is to be read with base scope; when base is "" the search covers
// the subtree of each domain in question. For KindDomainSAM choosing the
// domain by [Query].Domain is the caller's part. KindSlackUser has no search of
// its own, and gets, like the zero Query, a filter that matches nothing.
//
// Every class of object is found, contacts and computers too: "this is not a
// user" is an answer, and "not found" would be a wrong one.
//
// anchorAttribute is the attribute that the Connect server takes its source
// anchor from, or "" when that is not known, in which case both attributes
// that it uses by default are searched.
func LDAPFilter(q Query, anchorAttribute string) (filter, base string) {
	switch q.Kind {
	case KindDN:
		return dn.Everything().String(), q.Value
	case KindUPN:
		return dn.Or(
			dn.Equals("userPrincipalName", q.Value),
			dn.Equals("mail", q.Value),
			dn.Equals("proxyAddresses", "smtp:"+q.Value),
		).String(), ""
	case KindSAM:
		if !strings.Contains(q.Value, " ") {
			return dn.Equals("sAMAccountName", q.Value).String(), ""
		}
		return dn.Or(
			dn.Equals("sAMAccountName", q.Value),
			dn.Equals("displayName", q.Value),
			dn.Equals("cn", q.Value),
		).String(), ""
	case KindDomainSAM:
		return dn.Equals("sAMAccountName", q.Value).String(), ""
	case KindObjectGUID:
		return dn.EqualsBytes(objectGUID, q.GUID.Bytes()).String(), ""
	case KindImmutableID, KindEntraDN:
		return anchorFilter(q, anchorAttribute).String(), ""
	case KindSlackUser, KindUnknown:
	}
	return dn.Filter{}.String(), ""
}

func anchorFilter(q Query, anchorAttribute string) dn.Filter {
	known := anchorAttribute != "" && dn.IsAttribute(anchorAttribute)
	switch {
	case q.GUID.IsZero() && known:
		return dn.Equals(anchorAttribute, q.Value)
	case q.GUID.IsZero():
		return dn.Filter{}
	case strings.EqualFold(anchorAttribute, objectGUID):
		return dn.EqualsBytes(objectGUID, q.GUID.Bytes())
	case known && !strings.EqualFold(anchorAttribute, consistencyGUID):
		// An attribute of the customer's choice, binary or text.
		return dn.Or(dn.EqualsBytes(anchorAttribute, q.GUID.Bytes()), dn.Equals(anchorAttribute, q.Value))
	}
	// The consistency GUID is the anchor as soon as an object has one; until
	// then it is the objectGUID. An objectGUID beside another consistency GUID
	// is somebody else's past.
	return dn.Or(
		dn.EqualsBytes(consistencyGUID, q.GUID.Bytes()),
		dn.And(dn.EqualsBytes(objectGUID, q.GUID.Bytes()), dn.Not(dn.Present(consistencyGUID))),
	)
}
