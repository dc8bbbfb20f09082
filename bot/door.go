package bot

import "context"

// Door lets people in who come by a personal link, and keeps for them what they are sent.
// A link that is wrong, one that has ended and one that was taken back read alike, and
// cost alike.
type Door interface {
	// Knock is what whoever opens a link reads. It changes nothing, so whatever looks at
	// links before people do opens none.
	Knock(ctx context.Context, link, locale string) (Welcome, error)
	// Enter has the browser that keeps a secret be the one that a link is for, unless
	// another was first.
	Enter(ctx context.Context, link, browser, locale string) (Welcome, error)
	// Whose is whose a page is for the browser that keeps a secret; a Person without an ID
	// where it is not theirs.
	Whose(ctx context.Context, page, browser, locale string) (Person, Welcome, error)
	// Deliver keeps a message for the page of its person. Errors as for Platform.Send.
	Deliver(ctx context.Context, o Outgoing) (Posted, error)
	// Tapped is who a link in a mail is for, what it does when it is tapped (a line), and
	// what whoever opens it reads first; a Person without an ID where it leads nowhere. It
	// changes nothing.
	Tapped(ctx context.Context, tap, locale string) (who Person, line string, w Welcome, err error)
	// Sorry is said where something went wrong, or came too often.
	Sorry(locale string) Welcome
}

// Welcome is what is said at a door.
type Welcome struct {
	Message Message
	// Enter is the label of the button that enters; empty where nobody can.
	Enter string
	// Page is the name of the page that somebody may see, empty where they may not.
	Page string
	// Back is the label of what leads back to the page, Language is the tag of what all
	// of it is written in, such as "en".
	Back, Language string
}

// Postbox knows where those who come by a personal link get mail.
type Postbox interface {
	// Envelope is what a message needs on its way by mail. Its error is ErrUnreachable
	// where nobody wants it (any more).
	Envelope(ctx context.Context, o Outgoing) (Envelope, error)
}

// Envelope is a message as a mail.
type Envelope struct {
	// To is the address, From the name that its reader knows; Language is a tag such as
	// "en".
	To, From, Language string
	// Message has nothing but links among its buttons, and its Title is the subject. Note
	// stands below it, and says why it comes.
	Message Message
	Note    string
	// Stop is the address that ends all mail, with its label; empty where there is none yet.
	Stop, StopLabel string
}
