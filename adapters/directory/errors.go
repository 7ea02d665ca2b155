package directory

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"unicode"

	"github.com/go-ldap/ldap/v3"
)

// BindError is a refused sign-in. It matches fs.ErrPermission.
type BindError struct {
	// Code is AD's own sub-code, such as "52e"; "" where it gave none.
	Code string
}

// bindReasons words the sub-codes that Active Directory hides in the text of
// its answer. AD tells more than 52e only to who knows the right password.
var bindReasons = map[string]string{
	"525": "there is no such user",
	"52e": "the user name or the password is wrong",
	"530": "the account may not sign in at this hour",
	"531": "the account may not sign in from this computer",
	"532": "the password has expired",
	"533": "the account is disabled",
	"701": "the account has expired",
	"773": "the password must be changed before the first sign-in",
	"775": "the account is locked out",
}

func (e *BindError) Error() string {
	reason, ok := bindReasons[e.Code]
	switch {
	case ok:
		return fmt.Sprintf("the domain controller refused the sign-in: %s (data %s)", reason, e.Code)
	case e.Code != "":
		return fmt.Sprintf("the domain controller refused the sign-in (data %s)", e.Code)
	default:
		return "the domain controller refused the sign-in and gave no reason"
	}
}

// Is makes a refused sign-in match fs.ErrPermission.
func (e *BindError) Is(target error) bool { return target == fs.ErrPermission }

// bindError words the library's error of a bind.
func bindError(err error) error {
	var l *ldap.Error
	if !errors.As(err, &l) {
		return errors.New("sign in: " + plain(err.Error()))
	}
	switch l.ResultCode {
	case ldap.LDAPResultInvalidCredentials:
		return &BindError{Code: subCode(l.Err)}
	case ldap.ErrorNetwork:
		return errors.New("sign in: the connection was lost")
	case ldap.LDAPResultStrongAuthRequired:
		return errors.New("sign in: the domain controller wants an encrypted connection, use ldaps://")
	default:
		return fmt.Errorf("sign in: %s", resultWords(l))
	}
}

// subCode takes the hexadecimal after "data " out of AD's text.
func subCode(err error) string {
	if err == nil {
		return ""
	}
	_, rest, ok := strings.Cut(err.Error(), ", data ")
	if !ok {
		return ""
	}
	end := strings.IndexFunc(rest, func(r rune) bool { return !strings.ContainsRune("0123456789abcdefABCDEF", r) })
	if end < 0 {
		end = len(rest)
	}
	if end > 8 {
		return ""
	}
	return strings.ToLower(rest[:end])
}

// searchError words the library's error of a search in a domain.
func searchError(domain string, err error) error {
	var l *ldap.Error
	if err == nil || !errors.As(err, &l) {
		// Ours already: a lost connection, a context, a refused sign-in.
		return err
	}
	switch l.ResultCode {
	case ldap.LDAPResultNoSuchObject, ldap.LDAPResultReferral:
		return fmt.Errorf("search %s: no such object: %w", domain, fs.ErrNotExist)
	case ldap.LDAPResultInsufficientAccessRights:
		return fmt.Errorf("search %s: the account that reads the directory may not see this: %w", domain, fs.ErrPermission)
	default:
		return fmt.Errorf("search %s: %s", domain, resultWords(l))
	}
}

func resultWords(l *ldap.Error) string {
	name := ldap.LDAPResultCodeMap[l.ResultCode]
	if name == "" {
		name = "unknown result"
	}
	text := fmt.Sprintf("the domain controller answered %q (code %d)", name, l.ResultCode)
	if l.Err != nil {
		if said := plain(l.Err.Error()); said != "" {
			text += ": " + said
		}
	}
	return text
}

// plain makes a peer's sentence fit for an error: one line, bounded.
func plain(s string) string {
	const limit = 200
	s = strings.Join(strings.FieldsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }), " ")
	if runes := []rune(s); len(runes) > limit {
		s = string(runes[:limit]) + "…"
	}
	return s
}
