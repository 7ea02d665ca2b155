package checks

import "time"

// Link is one station of the password on its way, as a card draws it.
type Link struct {
	// Name is the station.
	Name string `json:"name"`
	// Status is Pass where the station has the person, Fail where it has not, and
	// Unknown where it could not be read.
	Status Status `json:"status"`
	// Detail says in a few words what is there.
	Detail string `json:"detail"`
}

// chain lays out the stations: AD, AD connector space, metaverse, Entra
// connector space, password hash.
func chain(f *Facts) []Link {
	if f.User == nil || f.User.Person.GUID == "" {
		return nil
	}
	u := f.User
	out := make([]Link, 0, 5)
	out = append(out, station("Active Directory", u.AD, func(a ADUser) (Status, string) {
		switch {
		case a.Disabled():
			return Fail, "account disabled"
		case a.MustChange:
			return Fail, "must change password at next logon"
		case a.PasswordSet.IsZero():
			return Unknown, "did not show when the password was set"
		default:
			return Pass, "password set " + StampAge(f.At, a.PasswordSet)
		}
	}))
	out = append(out, station("AD connector space", u.ADCS, func(c CSObject) (Status, string) {
		switch {
		case !c.Found || c.Placeholder:
			return Fail, "not imported"
		case !c.Joined:
			return Fail, "imported, not joined (disconnector)"
		default:
			return Pass, "imported and joined"
		}
	}))
	out = append(out, station("Metaverse", u.MV, func(m MVObject) (Status, string) {
		switch {
		case !m.Found:
			return Fail, "no object"
		case isTrue(m.Attributes["cloudFiltered"]):
			return Fail, "cloudFiltered"
		default:
			return Pass, "object present"
		}
	}))
	out = append(out, station("Entra connector space", u.EntraCS, func(c CSObject) (Status, string) {
		switch {
		case !c.Found:
			return Fail, "not provisioned"
		case c.ExportError != nil:
			return Fail, "export error " + c.ExportError.Name
		case c.CloudAnchor == "":
			return Fail, "not exported yet"
		default:
			return Pass, "exported"
		}
	}))
	return append(out, hashLink(f))
}

func station[T any](name string, fact Fact[T], read func(T) (Status, string)) Link {
	v, ok := fact.Get()
	if !ok {
		return Link{Name: name, Status: Unknown, Detail: "could not look: " + fact.Why()}
	}
	s, detail := read(v)
	return Link{Name: name, Status: s, Detail: detail}
}

func hashLink(f *Facts) Link {
	l := Link{Name: "Password hash"}
	log, ok := f.User.Log.Get()
	if !ok {
		l.Detail = "could not look: " + f.User.Log.Why()
		return l
	}
	ad, ok := f.User.AD.Get()
	if !ok {
		l.Detail = "could not compare: " + f.User.AD.Why()
		return l
	}
	h := readHash(f.At, ad, log)
	switch {
	case h.synced():
		l.Status, l.Detail = Pass, "Success "+StampAge(f.At, h.newest.At)
	case !h.moment.IsZero() && h.age <= time.Duration(f.Thresholds.Waiting) && !h.failed():
		l.Detail = "not yet: the password was set " + Age(h.age) + " ago"
	case h.about:
		l.Status, l.Detail = Fail, h.newest.Status+" "+StampAge(f.At, h.newest.At)
		if h.state == statusMigrated {
			l.Status = Unknown
		}
		if h.state == statusMissing {
			l.Status = Pass
		}
	case h.hasEarlier:
		l.Status, l.Detail = Fail, "last Success "+StampAge(f.At, h.earlier.At)+", older than the password"
	case h.any:
		l.Status, l.Detail = Fail, "last attempt "+h.newest.Status+" "+StampAge(f.At, h.newest.At)+", older than the password"
	case h.moment.IsZero() || h.age > historyKept:
		l.Status, l.Detail = Unknown, "no attempt in the seven days of history that the server keeps"
	default:
		l.Status, l.Detail = Fail, "no attempt recorded"
	}
	return l
}
