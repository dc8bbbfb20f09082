package records

import (
	"cmp"
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base32"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"village/internal/store"
	"village/internal/village"
)

// KindFamily is somebody outside the chat whom a member has asked, and KindLink is where
// their link leads. A link is kept as a hash, so whoever reads the store opens nobody's.
const (
	KindFamily = "family"
	KindLink   = "link"
)

// familyIndex lists everybody with a link in a group.
const familyIndex = "family"

// SecretSize is how many random bytes a link has, and what a browser keeps.
const SecretSize = 16

// NewSecret makes one of them, as it is written. Its error is the source's.
func NewSecret(random io.Reader) (string, error) {
	var b [SecretSize]byte
	if _, err := io.ReadFull(random, b[:]); err != nil {
		return "", fmt.Errorf("making a link: %w", err)
	}
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(b[:])), nil
}

// HashSecret is what is kept of one.
func HashSecret(secret string) string {
	sum := sha256.Sum256([]byte("village link\x00" + secret))
	return hex.EncodeToString(sum[:])
}

// SameHash compares two of them in the same time, whatever they are.
func SameHash(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

// Link is where a link leads.
type Link struct {
	Group  string `json:"group"`
	Family string `json:"family"` // a person's ID
}

// FamilyKey is somebody with a link (a person's ID) in a group.
func FamilyKey(group, id string) store.Key {
	return store.Key{Partition: GroupPartition(group), Kind: KindFamily, ID: village.FamilyCode(id)}
}

// LinkKey is a link by its hash.
func LinkKey(hash string) store.Key {
	return store.Key{Partition: SysPartition, Kind: KindLink, ID: hash}
}

// Family reads somebody with a link in a group; the zero Family where there is none.
func (rec *Records) Family(ctx context.Context, group, id string) (f village.Family, err error) {
	_, err = rec.Read(ctx, FamilyKey(group, id), &f)
	return f, err
}

// MayPromise refuses somebody with a link (a person's ID) a promise that is not for them,
// whoever says it for them; see [village.Family.MayPromise]. It refuses nobody else.
func (rec *Records) MayPromise(t *Tx, group string, n village.Need, helper string) error {
	if !village.IsFamily(helper) {
		return nil
	}
	f, err := rec.Family(t.Ctx, group, helper)
	if err != nil {
		return err
	}
	theirs, err := rec.NeedsWith(t.Ctx, group, helper, rec.now().Add(-village.MaxLasts), 0)
	if err != nil {
		return err
	}
	return f.MayPromise(n, theirs, rec.now())
}

// PutFamily writes somebody with a link, who was read before or is new. When the link
// ends, it is seen to what is theirs.
func (t *Tx) PutFamily(group string, f village.Family) {
	since := f.Since.UnixMilli()
	t.Put(FamilyKey(group, f.ID), f, f.Until.Add(village.KeepNeed), store.Entry{Name: familyIndex, Score: since},
		store.Entry{Name: PersonIndex(f.ID), Score: since}, store.Entry{Name: PersonIndex(f.By.ID), Score: since})
	t.PutStandingJob(StandingJob{Group: group, What: StandingLook, About: f.Person}, f.Over())
}

// FamilyOf are those whom a member has asked, the first one first.
func (rec *Records) FamilyOf(ctx context.Context, group, member string) ([]village.Family, error) {
	all, err := List[village.Family](ctx, rec, store.Query{Partition: GroupPartition(group), Index: PersonIndex(member), To: EndOfTime}, KindFamily)
	if err != nil {
		return nil, err
	}
	var theirs []village.Family
	for _, f := range all {
		if f.By.ID == member {
			theirs = append(theirs, f)
		}
	}
	return theirs, nil
}

// FamilyIn are all of a group's, for counting.
func (rec *Records) FamilyIn(ctx context.Context, group string) ([]village.Family, error) {
	return List[village.Family](ctx, rec, store.Query{Partition: GroupPartition(group), Index: familyIndex, To: EndOfTime}, KindFamily)
}

// Linked gives somebody a link that leads to them, in place of the one they had, and
// writes that they are a person of this group. The secret is told once, and kept by
// nobody.
func (rec *Records) Linked(ctx context.Context, group string, f village.Family, secret string) error {
	was, hash := f.Link, HashSecret(secret)
	err := rec.Change(ctx, SysPartition, func(t *Tx) error {
		if err := t.Get(LinkKey(hash), &Link{}); err != nil {
			return err
		}
		t.Put(LinkKey(hash), Link{Group: group, Family: f.ID}, f.Until.Add(village.KeepNeed))
		return nil
	})
	if err != nil {
		return err
	}
	err = rec.Change(ctx, MemberPartition(f.ID), func(t *Tx) error {
		var m village.Member
		if err := t.Get(MemberKey(f.ID), &m); err != nil {
			return err
		}
		m, _ = m.Seen(f.Person, group)
		t.Put(MemberKey(f.ID), m, f.Until.Add(village.KeepNeed))
		return nil
	})
	if err != nil {
		return err
	}
	f.Link, f.Browser, f.Mail = hash, "", village.Mail{} // it may be for somebody else from now on
	err = rec.Change(ctx, GroupPartition(group), func(t *Tx) error {
		if err := t.Get(FamilyKey(group, f.ID), &village.Family{}); err != nil {
			return err
		}
		t.PutFamily(group, f)
		return nil
	})
	if err != nil || was == "" {
		return err
	}
	return rec.RemoveDoc(ctx, LinkKey(was))
}

// Opened is whom a link leads to, and its group. It reads as much for one that leads
// nowhere as for one that leads somewhere; then the Family is zero.
func (rec *Records) Opened(ctx context.Context, secret string) (group string, f village.Family, err error) {
	hash := HashSecret(secret)
	link := Link{Group: "nowhere", Family: village.FamilyID("nobody")}
	if _, err := rec.Read(ctx, LinkKey(hash), &link); err != nil {
		return "", f, err
	}
	if f, err = rec.Family(ctx, link.Group, link.Family); err != nil {
		return "", village.Family{}, err
	}
	if !SameHash(f.Link, hash) || !f.Lasts(rec.now()) {
		return "", village.Family{}, nil
	}
	return link.Group, f, nil
}

// Keep has the browser that keeps this secret, and has this language set where nobody has
// chosen one, be the one that
// a link is for, unless another was quicker; ok says so.
func (rec *Records) Keep(ctx context.Context, group string, f village.Family, secret, locale string) (ok bool, err error) {
	err = rec.Change(ctx, GroupPartition(group), func(t *Tx) error {
		var now village.Family
		if err := t.Get(FamilyKey(group, f.ID), &now); err != nil {
			return err
		}
		if ok = now.Link == f.Link && now.Browser == "" && now.Lasts(rec.now()); ok {
			now.Browser, now.Opened, now.Locale = HashSecret(secret), rec.now().UTC(), cmp.Or(now.Locale, locale)
			t.PutFamily(group, now)
		}
		return nil
	})
	return ok, err
}

// KeptBy is somebody with a link, by their page (a short code), for the browser that keeps
// this secret, and their group. It reads as much where that is not so; then the Family is
// zero.
func (rec *Records) KeptBy(ctx context.Context, page, secret string) (group string, f village.Family, err error) {
	m := village.Member{Group: "nowhere"}
	if _, err := rec.Read(ctx, MemberKey(village.FamilyID(page)), &m); err != nil {
		return "", f, err
	}
	if f, err = rec.Family(ctx, m.Group, village.FamilyID(page)); err != nil {
		return "", village.Family{}, err
	}
	if !SameHash(f.Browser, HashSecret(secret)) || !f.Lasts(rec.now()) {
		return "", village.Family{}, nil
	}
	return m.Group, f, nil
}

// SetLocale is the language that somebody with a link wants, a BCP 47 tag.
func (rec *Records) SetLocale(ctx context.Context, group, id, locale string) error {
	return rec.Change(ctx, GroupPartition(group), func(t *Tx) error {
		var f village.Family
		if err := t.Get(FamilyKey(group, id), &f); err != nil || f.ID == "" {
			return err
		}
		f.Locale = locale
		t.PutFamily(group, f)
		return nil
	})
}

// KindNews is what somebody with a link was sent, for their page.
const KindNews = "news"

// The most news that are kept, and for how long.
const (
	maxNews  = 8
	newsKept = 14 * 24 * time.Hour
)

// News is what somebody was sent, the latest last.
type News struct {
	Told []Told `json:"told"`
}

// Told is one message, as it was written by whoever sent it.
type Told struct {
	At time.Time `json:"at"`
	// Nonce marks a repeat of the same delivery.
	Nonce   string          `json:"nonce,omitempty"`
	Message json.RawMessage `json:"message"`
	// Language is what it is written in, a BCP 47 tag; empty: English.
	Language string `json:"language,omitempty"`
}

func newsKey(group, id string) store.Key {
	return store.Key{Partition: GroupPartition(group), Kind: KindNews, ID: village.FamilyCode(id)}
}

// AddNews keeps a message for somebody's page, once for all its repeats.
func (rec *Records) AddNews(ctx context.Context, group, id string, told Told) error {
	return rec.Change(ctx, GroupPartition(group), func(t *Tx) error {
		var n News
		if err := t.Get(newsKey(group, id), &n); err != nil {
			return err
		}
		if slices.ContainsFunc(n.Told, func(t Told) bool { return told.Nonce != "" && t.Nonce == told.Nonce }) {
			return nil
		}
		now := rec.now().UTC()
		told.At = now
		n.Told = append(n.Told, told)
		n.Told = n.Told[max(0, len(n.Told)-maxNews):]
		t.Put(newsKey(group, id), n, now.Add(newsKept), store.Entry{Name: PersonIndex(id), Score: now.UnixMilli()})
		return nil
	})
}

// NewsOf is what somebody was sent.
func (rec *Records) NewsOf(ctx context.Context, group, id string) (n News, err error) {
	_, err = rec.Read(ctx, newsKey(group, id), &n)
	return n, err
}

// forgetFamily ends a link. Where the member goes who asked, whoever was asked goes too:
// they are here for them alone.
func (rec *Records) forgetFamily(ctx context.Context, d Document, person string) error {
	var f village.Family
	if err := json.Unmarshal(d.Body, &f); err != nil {
		return fmt.Errorf("reading %s: %w", d.Kind, err)
	}
	if err := rec.endLink(ctx, d.Group, f); err != nil || person == f.ID {
		return err
	}
	return rec.Forget(ctx, AboutPeople(), f.ID, d.Group)
}

func (rec *Records) endLink(ctx context.Context, group string, f village.Family) error {
	if err := rec.RemoveDoc(ctx, LinkKey(f.Link)); err != nil {
		return err
	}
	return rec.Change(ctx, GroupPartition(group), func(t *Tx) error {
		t.Cancel(StandingJob{What: StandingLook, About: f.Person}.id())
		return t.Drop(FamilyKey(group, f.ID))
	})
}
