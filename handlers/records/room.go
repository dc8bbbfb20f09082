package records

import (
	"strings"
	"time"

	"village/internal/store"
	"village/internal/village"
)

// RoomJob is news for the moderators about a room (ID). To is one of their
// addresses; it is empty until that is found out.
type RoomJob struct {
	Room string          `json:"room"`
	To   village.Address `json:"to"`
	What string          `json:"what"`
}

// What has happened to a room.
const (
	RoomClosed   = "closed"
	RoomReposted = "reposted"
)

// KindTrouble notes that the moderators were told of a room.
const KindTrouble = "trouble"

// troubleKept is how long nothing more is said of the same room.
const troubleKept = 24 * time.Hour

// PutRoomJob has the moderators told about a room.
func (t *Tx) PutRoomJob(j RoomJob) {
	id := strings.Join([]string{"room", KeyPart(j.Room), j.What, KeyPart(j.To.Person + j.To.Room)}, "/")
	t.PutJob(id, KindRoomJob, t.Rec.now(), j)
}

// RoomIsClosed has the moderators told that a room (ID) cannot be written, unless
// they were told within a day.
func (t *Tx) RoomIsClosed(room string) error {
	key := store.Key{Partition: t.Change.Partition, Kind: KindTrouble, ID: KeyPart(room)}
	var told time.Time
	if err := t.Get(key, &told); err != nil || t.Has(key) {
		return err
	}
	now := t.Rec.now().UTC()
	t.Put(key, now, now.Add(troubleKept))
	t.PutRoomJob(RoomJob{Room: room, What: RoomClosed})
	return nil
}
