package handlers

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"village/bot"
	"village/handlers/records"
	"village/internal/store"
	"village/internal/village"
	"village/scheduler"
)

// Whoever has a page can have it mailed what has to be known, too. A mail is a promise of
// its own: it is committed with what was put on the page, and sent after it.

var _ bot.Postbox = (*App)(nil)

const (
	// mailed begins the ID of somebody as the mail knows them, and mailAsked that of
	// somebody at an address that they have not said yes to.
	mailed    = "mail/"
	mailAsked = mailed + "asked/"
	// tapPath is the path, behind the address of the pages, of links in mails.
	tapPath = "/m/"
	// letterLate is how late a mail is still worth sending.
	letterLate = 3 * time.Hour
	noMailLine = "/my mail do: off"
)

// byMail are the commands that a link in a mail can carry out: nothing that shows what is
// private.
func byMail() []string {
	return []string{"need still", "need release", "need claim", "need pass", "need got", "need late", "need home", "my mail"}
}

func mailOptions() []bot.Option {
	return []bot.Option{
		{Name: "address", Label: "Your e-mail address", Hint: "rosa@example.org", Summary: "Your e-mail address", Max: village.MaxAddress, Read: bot.Meaning},
		{Name: "do", Summary: "No more mail", Kind: bot.Choice, Choices: []bot.Pick{{Label: "No more e-mail", Value: "off"}}},
		{Name: "code", Summary: "The code in the mail that asked you", Max: 40, Read: bot.Meaning},
	}
}

// myMail is where somebody with a page gets mail.
func (a *App) myMail(ctx context.Context, r bot.Request) (bot.Reply, error) {
	to := a.to(r, nil)
	switch {
	case !village.IsFamily(r.From.ID):
		return bot.Reply{}, to.MailByLink()
	case !a.Mail:
		return bot.Reply{}, to.NoMail()
	}
	g, err := a.group(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	f, err := a.Family(ctx, g.ID, r.From.ID)
	switch {
	case err != nil:
		return bot.Reply{}, err
	case r.Arg("do") == "off":
		return update(to.MailEnded()), a.ChangeFamily(ctx, g.ID, f.ID, func(_ *records.Tx, f village.Family) (village.Family, error) {
			return f.NoMail(time.Time{}), nil
		})
	case r.Arg("code") != "":
		return a.takesMail(ctx, r, g.ID, f)
	case r.Arg("address") != "":
		return a.asksMail(ctx, r, g.ID, f)
	case f.Mail.Address != "" || r.Submitted:
		return bot.Say(to.MailThere(f)), nil
	}
	form := to.MailForm(f)
	form.Path, form.Fields = r.Path, []bot.FormField{{Option: mailOptions()[0]}}
	return bot.Reply{Form: &form}, nil
}

// asksMail asks at an address whether it may be written to.
func (a *App) asksMail(ctx context.Context, r bot.Request, group string, f village.Family) (bot.Reply, error) {
	to := a.to(r, nil)
	code, err := records.NewSecret(a.Random)
	if err != nil {
		return bot.Reply{}, err
	}
	body, err := json.Marshal(to.MailAsks(f, code))
	if err != nil {
		return bot.Reply{}, fmt.Errorf("writing a mail: %w", err)
	}
	err = a.ChangeFamily(ctx, group, f.ID, func(t *records.Tx, f village.Family) (village.Family, error) {
		f, err := f.AsksMail(r.Arg("address"), a.Now())
		if err != nil {
			return f, err
		}
		f.Mail.Code = records.HashSecret(code)
		t.Change.Jobs = append(t.Change.Jobs, records.LetterJob(t.Change.Partition, "asks/"+village.FamilyCode(f.ID), a.Now(),
			records.Letter{Group: group, Family: f.ID, By: f.By, What: records.LetterAsks, Message: body}))
		return f, nil
	})
	if err != nil {
		return bot.Reply{}, err
	}
	return update(to.MailAsked()), nil
}

// takesMail is a yes from the address that was asked.
func (a *App) takesMail(ctx context.Context, r bot.Request, group string, f village.Family) (bot.Reply, error) {
	to := a.to(r, nil)
	err := a.ChangeFamily(ctx, group, f.ID, func(_ *records.Tx, f village.Family) (village.Family, error) {
		if f.Mail.Asked == "" || !records.SameHash(f.Mail.Code, records.HashSecret(r.Arg("code"))) {
			return f, to.NotAskedThere()
		}
		return f.TakesMail(), nil
	})
	return update(to.MailTaken(f)), err
}

// mails says whether somebody gets mail.
func (a *App) mails(ctx context.Context, group, person string) (village.Family, bool, error) {
	if !a.Mail || !village.IsFamily(person) {
		return village.Family{}, false, nil
	}
	f, err := a.Family(ctx, group, person)
	return f, err == nil && f.Mail.Address != "" && f.Lasts(a.Now()), err
}

// mailToo has a notice mailed as well, where whoever hears it wants that.
func (a *App) mailToo(ctx context.Context, job store.Job, j village.Notice, n village.Need, d *scheduler.Delivery) error {
	f, ok, err := a.mails(ctx, j.Group, j.To.Person)
	if !ok || !j.IsMailed() || err != nil {
		return err
	}
	to, err := a.toHelper(ctx, j.Group, f.ID, village.ZoneNamed(n.Zone))
	if err != nil {
		return err
	}
	m := veiled(d.Out.Message, to.Appointment())
	if j.What != village.OwedArrived {
		m.Title = to.LetterSubject(m.Title, n)
	}
	if slices.ContainsFunc(m.Buttons, func(b bot.Button) bool { return strings.HasPrefix(b.Command, "/need details ") }) {
		m.Text = to.PrivateOnPage(m.Text)
	}
	m.Menus, m.Image, m.Buttons = nil, nil, a.sendable(m.Buttons)
	body, err := json.Marshal(m)
	if err != nil {
		return fmt.Errorf("writing a mail: %w", err)
	}
	d.Then.Jobs = append(d.Then.Jobs, records.LetterJob(job.Partition, strings.TrimPrefix(job.ID, "need/"), a.Now(),
		records.Letter{Group: j.Group, Family: f.ID, By: f.By, What: records.LetterNotice, Notice: j, Message: body}))
	return nil
}

// sendable are those of some buttons that a link in a mail can stand for.
func (a *App) sendable(buttons []bot.Button) []bot.Button {
	return slices.DeleteFunc(slices.Clone(buttons), func(b bot.Button) bool { return !a.isSendable(b.Command) })
}

func (a *App) isSendable(line string) bool {
	path, _, err := bot.ParseLine(a.Table(), line)
	return err == nil && slices.Contains(byMail(), strings.Join(path, " "))
}

// prepareLetter is a mail on its way, or the news that one came back.
func (a *App) prepareLetter(t *records.Tx, job due, l records.Letter) (scheduler.Delivery, error) {
	f, err := a.Family(t.Ctx, l.Group, l.Family)
	if err != nil || f.ID == "" || !f.Lasts(a.Now()) {
		return scheduler.Delivery{}, err
	}
	if l.What == records.LetterBack {
		until, err := a.SilentUntil(t.Ctx, l.By.ID)
		if err != nil || !until.IsZero() {
			return job.again(t, until, l), err
		}
		m := a.toPerson(l.By.ID, nil).MailCameBack(f)
		return scheduler.Delivery{Out: &bot.Outgoing{To: bot.Address{Person: l.By.ID}, Message: m}}, nil
	}
	var m bot.Message
	if err := json.Unmarshal(l.Message, &m); err != nil {
		return scheduler.Delivery{}, fmt.Errorf("reading a mail: %w", err)
	}
	address, person := f.Mail.Address, mailed
	if l.What == records.LetterAsks {
		address, person = f.Mail.Asked, mailAsked
	}
	switch {
	case address == "" || !a.Mail:
		return scheduler.Delivery{}, nil
	case job.late:
		c, err := a.notMailed(t.Ctx, job.Job, l, nil)
		return scheduler.Delivery{Then: c}, err
	}
	return scheduler.Delivery{
		Out: &bot.Outgoing{To: bot.Address{Person: person + village.FamilyCode(f.ID)}, Message: m},
		Unreachable: func(ctx context.Context, cause error) (store.Change, error) {
			return a.notMailed(ctx, job.Job, l, cause)
		},
	}, nil
}

// notMailed is what follows when a mail does not go out: an address that takes none, now
// and ever, gets none any more, and whoever asked hears of it. What has to be seen lies on
// the page from now on, and is looked after there.
func (a *App) notMailed(ctx context.Context, job store.Job, l records.Letter, cause error) (store.Change, error) {
	t := a.Begin(ctx, job.Partition)
	var f village.Family
	if err := t.Get(records.FamilyKey(l.Group, l.Family), &f); err != nil || f.ID == "" {
		return store.Change{}, err
	}
	if errors.Is(cause, bot.ErrUnreachable) {
		t.PutFamily(l.Group, f.NoMail(a.Now().UTC()))
		if l.What == records.LetterNotice {
			t.Change.Jobs = append(t.Change.Jobs, records.LetterJob(job.Partition, "back/"+village.FamilyCode(f.ID), a.Now(),
				records.Letter{Group: l.Group, Family: f.ID, By: l.By, What: records.LetterBack}))
		}
	}
	if l.What != records.LetterNotice {
		return t.Finish(), nil
	}
	var n village.Need
	var g village.Group
	if err := t.Get(records.NeedKey(l.Group, l.Notice.Need), &n); err != nil || n.ID == "" {
		return t.Finish(), err
	}
	if p, ok := l.Notice.PassOn(n); ok {
		p.About = f.Person
		t.Change.Jobs = append(t.Change.Jobs, records.NoticeJobs(job, p)...)
	}
	if !l.Notice.HasToBeSeen() {
		return t.Finish(), nil
	}
	if err := t.Get(records.GroupKey(l.Group), &g); err != nil {
		return store.Change{}, err
	}
	if after, owed := n.Kept(l.Family, a.Now()); len(owed) > 0 {
		a.PutNeed(t, g, after, owed)
	}
	return t.Finish(), nil
}

// tap is what a link in a mail stands for. It is sealed, so that nobody makes one up, and
// belongs to the address that it was sent to.
type tap struct {
	Group  string `json:"g"`
	Family string `json:"f"`
	Line   string `json:"l"`
	Label  string `json:"b"`
	Sent   string `json:"s"`
	Ends   int64  `json:"e"`
}

// sentTo is what a tap says of an address.
func sentTo(address string) string {
	sum := sha256.Sum256([]byte("village mail\x00" + address))
	return hex.EncodeToString(sum[:8])
}

var tapPlace = []byte("village/1\x00tap")

func (a *App) tapURL(group string, f village.Family, address string, b bot.Button) (string, error) {
	raw, err := json.Marshal(tap{group, village.FamilyCode(f.ID), b.Command, b.Label, sentTo(address), a.Now().Add(village.TapLasts).Unix()})
	if err != nil {
		return "", fmt.Errorf("making a link: %w", err)
	}
	return strings.TrimSuffix(a.Pages, "/") + tapPath + base64.RawURLEncoding.EncodeToString(a.Keyring.SealFor(nil, tapPlace, raw)), nil
}

// Envelope is a message on its way by mail.
func (a *App) Envelope(ctx context.Context, o bot.Outgoing) (bot.Envelope, error) {
	code, asked := strings.CutPrefix(o.To.Person, mailAsked)
	if !asked {
		code = strings.TrimPrefix(o.To.Person, mailed)
	}
	id := village.FamilyID(code)
	member, err := a.Member(ctx, id)
	if err != nil {
		return bot.Envelope{}, err
	}
	if member.Group == "" {
		return bot.Envelope{}, bot.ErrUnreachable
	}
	f, err := a.Family(ctx, member.Group, id)
	if err != nil {
		return bot.Envelope{}, err
	}
	address := f.Mail.Address
	if asked {
		address = f.Mail.Asked
	}
	if address == "" || !f.Lasts(a.Now()) {
		return bot.Envelope{}, bot.ErrUnreachable
	}
	to := a.visitor(f.Locale)
	e := bot.Envelope{To: address, From: f.By.Name, Language: to.Tag(), Message: o.Message, Note: to.MailNote(f)}
	e.Message.Buttons = nil
	for _, b := range o.Message.Buttons {
		link, err := a.tapURL(member.Group, f, address, b)
		if err != nil {
			return bot.Envelope{}, err
		}
		e.Message.Buttons = append(e.Message.Buttons, bot.Button{Label: b.Label, URL: link})
	}
	if asked {
		return e, nil
	}
	e.Message.Buttons = append(e.Message.Buttons, bot.Button{Label: to.MyPage(), URL: strings.TrimSuffix(a.Pages, "/") + "/f/" + code})
	e.StopLabel = to.StopMail()
	e.Stop, err = a.tapURL(member.Group, f, address, bot.Button{Label: e.StopLabel, Command: noMailLine})
	return e, err
}

// Tapped is who a link in a mail is for, and what it does.
func (a *App) Tapped(ctx context.Context, link, locale string) (who bot.Person, line string, w bot.Welcome, err error) {
	nowhere := a.welcome(locale, a.visitor(locale).NoSuchTap())
	sealed, err := base64.RawURLEncoding.DecodeString(link)
	if err != nil {
		return who, "", nowhere, nil
	}
	raw, err := a.Keyring.OpenFor(tapPlace, sealed)
	if err != nil {
		return who, "", nowhere, nil
	}
	var t tap
	if err := json.Unmarshal(raw, &t); err != nil {
		return who, "", nowhere, nil
	}
	f, err := a.Family(ctx, t.Group, village.FamilyID(t.Family))
	if err != nil {
		return who, "", bot.Welcome{}, err
	}
	sent := f.Mail.Address != "" && sentTo(f.Mail.Address) == t.Sent || f.Mail.Asked != "" && sentTo(f.Mail.Asked) == t.Sent
	if !sent || !f.Lasts(a.Now()) || a.Now().Unix() > t.Ends || !a.isSendable(t.Line) {
		return who, "", nowhere, nil
	}
	n, err := a.needTapped(ctx, t, f)
	if err != nil {
		return who, "", bot.Welcome{}, err
	}
	locale = cmp.Or(f.Locale, locale) // as the mail was, whatever the browser is
	to := a.to(bot.Request{From: bot.Person{ID: f.ID}, Locale: locale}, nil)
	w = a.welcome(locale, to.TapAsks(f, t.Label, n))
	w.Enter, w.Page = t.Label, t.Family
	return bot.Person{ID: f.ID, Name: f.Name}, t.Line, w, nil
}

// needTapped is what a link in a mail is about, as far as it may be seen; the zero Need
// where it is about nothing.
func (a *App) needTapped(ctx context.Context, t tap, f village.Family) (n village.Need, err error) {
	_, args, err := bot.ParseLine(a.Table(), t.Line)
	if err != nil || args["need"] == "" {
		return n, nil
	}
	if _, err := a.Read(ctx, records.NeedKey(t.Group, args["need"]), &n); err != nil || !f.MaySee(n) {
		return village.Need{}, err
	}
	return n, nil
}
