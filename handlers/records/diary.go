package records

import "village/internal/store"

// KindDiary is a person's own check-ins.
const KindDiary = "diary"

// DiaryKey is a person's own check-ins. They are not the group's: they stand
// in the person's own partition.
func DiaryKey(person string) store.Key {
	return store.Key{Partition: MemberPartition(person), Kind: KindDiary, ID: "self"}
}
