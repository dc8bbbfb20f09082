package slack

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	slackgo "github.com/slack-go/slack"

	"village/bot"
	"village/bot/adapter"
)

// Installation is what Slack hands out when somebody adds the app to a workspace, or to
// all of an organization.
type Installation struct {
	// Team is the workspace's id; it is empty for an organization, whose id Enterprise is.
	Team       string `json:"team,omitempty"`
	Enterprise string `json:"enterprise,omitempty"`
	Name       string `json:"name,omitempty"` // as people call it
	App        string `json:"app,omitempty"`
	BotUser    string `json:"bot_user,omitempty"`
	Scopes     string `json:"scopes,omitempty"` // apart by commas
	// Token speaks. Where tokens rotate, it ends at Expires, and Refresh gets the next one.
	Token   string    `json:"token"`
	Refresh string    `json:"refresh,omitempty"`
	Expires time.Time `json:"expires,omitzero"`
	// Teams are the workspaces of an organization that were met so far.
	Teams []string `json:"teams,omitempty"`
	// Bare says that its people and rooms are named without the workspace: it was served
	// by SLACK_BOT_TOKEN before, and what was kept of them then goes on.
	Bare bool `json:"bare,omitempty"`
}

// Key is what an installation is kept under: the workspace's id or the organization's.
func (i Installation) Key() string {
	if i.Team != "" {
		return i.Team
	}
	return i.Enterprise
}

// workspaces are those that an installation serves, as far as they are known.
func (i Installation) workspaces() []string {
	if i.Team != "" {
		return []string{i.Team}
	}
	return i.Teams
}

// Installations keeps them, sealed, for all copies of the program. Errors are the store's.
type Installations interface {
	// Installation is the one of a workspace or an organization (its id), nil when there
	// is none.
	Installation(ctx context.Context, key string) (*Installation, error)
	// Installations are all there are, in the order of their keys.
	Installations(ctx context.Context) ([]Installation, error)
	// ChangeInstallation reads, changes and writes one, and does so again when somebody
	// else was ahead. What it is given is nil when there is none; nil is to be none.
	ChangeInstallation(ctx context.Context, key string, change func(*Installation) *Installation) error
	// Take gives this process alone the lease of a name, for so long at most; ok is false
	// while another one has it. Give gives it back.
	Take(ctx context.Context, group, name string, hold time.Duration, leave []byte) (left []byte, ok bool, err error)
	Give(ctx context.Context, group, name string, leave []byte) error
}

const (
	// inHand is how long before its end a token is changed for the next one.
	inHand = 5 * time.Minute
	// refreshTime bounds that, and how long the others leave it to the one who does.
	refreshTime = 20 * time.Second
	// refreshLook is how often the others look whether it is done.
	refreshLook  = 100 * time.Millisecond
	refreshLease = "refresh"
)

// errEnded says that Slack does not take an installation's tokens any more.
var errEnded = errors.New("slack: the app is not installed there any more")

// tokens is the token of one installation, always one that still works.
type tokens struct {
	key     string
	kept    Installations
	refresh func(ctx context.Context, i Installation) (Installation, error)

	mu  sync.Mutex
	own Installation
	// unkept says that the newest token is known here alone: the store would not take it.
	unkept bool
	// turn is held by who gets the next token, of those in this process.
	turn sync.Mutex
}

func (t *tokens) current() Installation {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.own
}

func (t *tokens) adopt(i Installation, unkept bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.own, t.unkept = i, unkept
}

// now is a token with time in hand. Errors: errEnded, and whatever kept it from getting
// one where the one it has is over.
func (t *tokens) now(ctx context.Context) (string, error) {
	i := t.current()
	if i.Refresh == "" || time.Until(i.Expires) > inHand {
		return i.Token, nil
	}
	next, err := t.after(ctx, i.Token)
	if err != nil && time.Now().Before(i.Expires) {
		return i.Token, nil // it works for some more minutes, and the next call tries again
	}
	return next, err
}

// after is the token that comes after one that is over or refused: what another copy has
// got, or what Slack gives for the refresh token. Only one copy asks, for a refresh token
// works once. The error is errEnded when there is none.
func (t *tokens) after(ctx context.Context, used string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, refreshTime)
	defer cancel()
	t.turn.Lock()
	defer t.turn.Unlock()
	for {
		if i := t.current(); i.Token != used && !t.waits() {
			return i.Token, nil
		}
		_, mine, err := t.kept.Take(ctx, refreshLease, t.key, refreshTime, nil)
		if err != nil {
			return "", fmt.Errorf("slack: getting the next token: %w", err)
		}
		if mine {
			token, err := t.next(ctx, used)
			// A lease that is not given back ends by itself.
			_ = t.kept.Give(context.WithoutCancel(ctx), refreshLease, t.key, nil)
			return token, err
		}
		if err := adapter.Sleep(ctx, refreshLook); err != nil {
			return "", fmt.Errorf("slack: another copy is getting the next token: %w", err)
		}
		if kept, err := t.kept.Installation(ctx, t.key); err == nil && kept != nil && kept.Token != used {
			t.adopt(*kept, false)
		}
	}
}

// waits says that a token is still to be kept.
func (t *tokens) waits() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.unkept
}

// next gets the next token while nobody else does.
func (t *tokens) next(ctx context.Context, used string) (string, error) {
	if i := t.current(); t.waits() && i.Token != used {
		t.keep(ctx, i)
		return i.Token, nil
	}
	kept, err := t.kept.Installation(ctx, t.key)
	if err != nil {
		return "", fmt.Errorf("slack: looking for the newest token: %w", err)
	}
	switch {
	case kept == nil:
		return "", errEnded
	case kept.Token != used:
		t.adopt(*kept, false)
		return kept.Token, nil
	case kept.Refresh == "":
		return "", errEnded
	}
	// It is seen through: Slack takes a refresh token once, whoever still waits for it.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), refreshTime)
	defer cancel()
	next, err := t.refresh(ctx, *kept)
	if err != nil {
		return "", err
	}
	t.keep(ctx, next)
	return next.Token, nil
}

// keep keeps a token where the other copies find it. Until that works it is known here
// alone, which is no reason not to speak.
func (t *tokens) keep(ctx context.Context, i Installation) {
	err := t.kept.ChangeInstallation(context.WithoutCancel(ctx), t.key, func(have *Installation) *Installation {
		if have == nil {
			return nil // it was ended meanwhile
		}
		have.Token, have.Refresh, have.Expires = i.Token, i.Refresh, i.Expires
		return have
	})
	t.adopt(i, err != nil)
}

// refreshed asks Slack for the token after this one.
func (w *Workspaces) refreshed(ctx context.Context, i Installation) (Installation, error) {
	answer, err := slackgo.RefreshOAuthV2TokenContext(ctx, w.web, w.cfg.ClientID, w.cfg.ClientSecret, i.Refresh, slackgo.OAuthOptionAPIURL(w.cfg.APIURL))
	switch code(err) {
	case "invalid_refresh_token", "token_revoked", "account_inactive", "invalid_grant", "team_not_found":
		return i, fmt.Errorf("%w: %w", errEnded, err)
	}
	if err != nil {
		return i, fmt.Errorf("slack: getting the next token: %w", withoutURL(err))
	}
	return i.with(answer), nil
}

// with is an installation with what Slack has just handed out.
func (i Installation) with(a *slackgo.OAuthV2Response) Installation {
	i.Token, i.Refresh, i.Expires = a.AccessToken, a.RefreshToken, time.Time{}
	if a.ExpiresIn > 0 {
		i.Expires = time.Now().Add(time.Duration(a.ExpiresIn) * time.Second)
	}
	return i
}

// met notes a workspace of an organization.
func (i Installation) met(team string) Installation {
	if i.Team == "" && !slices.Contains(i.Teams, team) {
		i.Teams = append(slices.Clip(i.Teams), team)
	}
	return i
}

// aboutTheApp says whether an event is about where the app is installed.
func (p *Platform) aboutTheApp(e event) bool {
	switch e.Type {
	case "app_uninstalled", "tokens_revoked":
		return true
	case "team_access_granted", "team_access_revoked":
		return p.tokens != nil
	}
	return false
}

// comesOrGoes sees to what such an event says. That an installation has ended is believed
// when Slack does not take its token any more.
func (p *Platform) comesOrGoes(ctx context.Context, b *bot.Bot, e event) {
	for _, team := range e.TeamIDs {
		if e.Type == "team_access_granted" {
			b.Returned(ctx, "slack/"+team)
		} else {
			b.Removed(ctx, "slack/"+team)
		}
	}
	if strings.HasPrefix(e.Type, "team_") {
		return
	}
	if e.Type == "app_uninstalled" && p.tokens == nil {
		b.Removed(ctx, "slack/"+p.me().team)
	}
	p.checkToken(ctx)
}
