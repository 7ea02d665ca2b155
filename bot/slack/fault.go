package slack

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"strings"

	slackgo "github.com/slack-go/slack"
)

// ConfigError is a refusal by Slack that no retry mends: somebody has to
// change the app or its tokens.
type ConfigError struct {
	// Code is Slack's own, such as "missing_scope".
	Code string
	// Words tell an administrator what to do.
	Words string
}

func (e *ConfigError) Error() string { return "slack refuses the app (" + e.Code + "): " + e.Words }

// configWords holds the refusals that retrying does not mend. slack-go gives
// up on some of them and retries the others for ever.
var configWords = map[string]string{
	"account_inactive":       "the token belongs to an account that was deactivated, or the app was removed; install the app again",
	"invalid_auth":           "the token is not valid; copy it again from the app's settings",
	"not_authed":             "no token was sent; set the app's tokens",
	"token_revoked":          "the token was revoked; install the app again and use its new token",
	"token_expired":          "the token has expired; switch token rotation off for the app and use a token that lasts",
	"not_allowed_token_type": "the wrong kind of token was used; the bot token begins with xoxb-, the app-level token with xapp-",
	"missing_scope":          "the token lacks a scope; add it in the app's settings and install the app again",
	"link_disabled":          "Socket Mode is switched off for the app; switch it on in the app's settings",
	"team_access_not_granted": "the app is not approved for this workspace; " +
		"ask an administrator of the organization",
}

// configProblem finds the refusal in an error, if there is one.
func configProblem(err error) (*ConfigError, bool) {
	var known *ConfigError
	if errors.As(err, &known) {
		return known, true
	}
	code := slackCode(err)
	words, ok := configWords[code]
	if !ok {
		return nil, false
	}
	if refused, ok := errors.AsType[slackgo.SlackErrorResponse](err); ok && refused.Needed != "" {
		words += " (needed: " + refused.Needed + ")"
	}
	return &ConfigError{Code: code, Words: words}, true
}

// slackCode is Slack's code in an error, or "" where Slack gave none.
func slackCode(err error) string {
	if refused, ok := errors.AsType[slackgo.SlackErrorResponse](err); ok {
		return refused.Err
	}
	if err != nil {
		// slack-go returns some codes as plain errors.
		if _, ok := configWords[err.Error()]; ok {
			return err.Error()
		}
	}
	return ""
}

// statusOf is the HTTP status in an error, or 0.
func statusOf(err error) int {
	if status, ok := errors.AsType[slackgo.StatusCodeError](err); ok {
		return status.Code
	}
	return 0
}

// notFound are Slack's codes for what is not there, or not for the bot to see.
var notFound = map[string]bool{
	"channel_not_found": true,
	"user_not_found":    true,
	"user_not_visible":  true,
	"users_not_found":   true,
}

// absent is Slack's code for what is not there; it matches fs.ErrNotExist.
type absent string

func (a absent) Error() string { return string(a) }

func (a absent) Is(target error) bool { return target == fs.ErrNotExist }

// tidy makes an error fit to be logged and returned: the address of a request
// goes, for a response URL is a secret, and what is not there matches
// fs.ErrNotExist.
func tidy(operation string, err error) error {
	if err == nil {
		return nil
	}
	if problem, ok := configProblem(err); ok {
		return fmt.Errorf("%s: %w", operation, problem)
	}
	if code := slackCode(err); notFound[code] {
		return fmt.Errorf("%s: %w", operation, absent(code))
	}
	if strings.Contains(err.Error(), unreadDetails) {
		return fmt.Errorf("%s: %w", operation, errDetails)
	}
	var wire *url.Error
	if errors.As(err, &wire) {
		return fmt.Errorf("%s: %w", operation, wire.Err)
	}
	return fmt.Errorf("%s: %w", operation, err)
}

// unreadDetails begins slack-go's error for a refusal with details of a shape
// that it does not know. Only refusals have details, so nothing was posted.
const unreadDetails = "unknown error structure"

// errDetails stands for such a refusal. The details may quote what was sent.
var errDetails = errors.New("refused, with details that cannot be read")

// tidyJSON keeps the kind of a decoding error and drops what it quotes.
func tidyJSON(err error) error {
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		return fmt.Errorf("it is not JSON at byte %d", syntax.Offset)
	}
	var mismatch *json.UnmarshalTypeError
	if errors.As(err, &mismatch) {
		return fmt.Errorf("field %s does not fit", mismatch.Field)
	}
	return errors.New("it is not the JSON that was expected")
}

// refused tells whether Slack has said no, so that nothing was posted. Without
// its word nobody knows.
func refused(err error) bool {
	_, config := configProblem(err)
	return config || slackCode(err) != "" || gone(err) || errors.Is(err, errDetails)
}

// gone tells whether Slack has said that a channel or person is not there for
// the app.
func gone(err error) bool { return errors.Is(err, fs.ErrNotExist) }
