package store

import (
	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/notice"
)

// Keys of publications:
//
//	publication/ID               the publication
//	publication-handle/HANDLE    its id
//	publication-open/ID          it is not sent yet
//	publication-wait/ID          it, or its correction, is to be decided
//	publication-work/ID          something is to be done about it
//	publication-new/ID           newest first
//	audience/NAME                an audience that the office has named

// Publications gives the records of publications.
func (s *Store) Publications() notice.PublicationStore { return publicationRecords{} }

type publicationRecords struct{}

func (publicationRecords) Publication(tx reminders.Tx, id string) (notice.Publication, bool, error) {
	return load[notice.Publication](tx, "publication/"+id)
}

func (r publicationRecords) PublicationByHandle(tx reminders.Tx, handle string) (notice.Publication, bool, error) {
	id, found, err := load[string](tx, "publication-handle/"+handle)
	if err != nil || !found {
		return notice.Publication{}, false, err
	}
	return r.Publication(tx, id)
}

func (r publicationRecords) SavePublication(tx reminders.Tx, p notice.Publication) error {
	before, found, err := r.Publication(tx, p.ID)
	if err != nil {
		return err
	}
	var was []string
	if found {
		was = publicationPlaces(before)
	}
	if err := moveRows(tx, was, publicationPlaces(p), p.ID); err != nil {
		return err
	}
	return save(tx, "publication/"+p.ID, p)
}

// publicationPlaces are the keys of the indexes under which a publication is found.
func publicationPlaces(p notice.Publication) []string {
	keys := []string{"publication-handle/" + p.Handle(), "publication-new/" + newestFirst(p.At) + "/" + p.ID}
	if p.Open() {
		keys = append(keys, "publication-open/"+p.ID)
	}
	if p.Undecided() {
		keys = append(keys, "publication-wait/"+p.ID)
	}
	if p.Working() {
		keys = append(keys, "publication-work/"+p.ID)
	}
	return keys
}

// publicationIndex finds publications by handle and by what is to be done about them.
var publicationIndex = index{
	records: "publication/",
	rows:    []string{"publication-handle/", "publication-new/", "publication-open/", "publication-wait/", "publication-work/"},
	expect: expecting(func(p notice.Publication) (string, map[string]any) {
		rows := map[string]any{}
		for _, key := range publicationPlaces(p) {
			rows[key] = p.ID
		}
		return "publication/" + p.ID, rows
	}),
	owner: owned(func(id string) string { return "publication/" + id }),
}

func (r publicationRecords) OpenPublications(tx reminders.Tx) ([]notice.Publication, error) {
	return r.under(tx, "publication-open/", 0)
}

func (r publicationRecords) UndecidedPublications(tx reminders.Tx) ([]notice.Publication, error) {
	return r.under(tx, "publication-wait/", 0)
}

func (r publicationRecords) RecentPublications(tx reminders.Tx, limit int) ([]notice.Publication, error) {
	return r.under(tx, "publication-new/", limit)
}

func (r publicationRecords) WorkingPublications(tx reminders.Tx) ([]notice.Publication, error) {
	return r.under(tx, "publication-work/", 0)
}

// under reads the publications that the rows of an index name, at most limit (all if 0).
func (r publicationRecords) under(tx reminders.Tx, prefix string, limit int) ([]notice.Publication, error) {
	from, to := Prefix(prefix)
	ids, err := list[string](tx, from, to, limit)
	if err != nil {
		return nil, err
	}
	return named(tx, ids, r.Publication)
}

func (publicationRecords) SavedAudience(tx reminders.Tx, name string) (reminders.Audience, bool, error) {
	named, found, err := load[namedAudience](tx, audienceKey(name))
	return named.Audience, found, err
}

// namedAudience keeps the name beside the audience: keys carry its hash only, since a
// name may hold any character.
type namedAudience struct {
	Name     string             `json:"name"`
	Audience reminders.Audience `json:"audience"`
}

func audienceKey(name string) string { return "audience/" + reminders.HashText(name)[:16] }

func (publicationRecords) SaveAudience(tx reminders.Tx, name string, a reminders.Audience) error {
	if a.Nobody() {
		return drop(tx, audienceKey(name))
	}
	return save(tx, audienceKey(name), namedAudience{Name: name, Audience: a})
}

func (publicationRecords) SavedAudiences(tx reminders.Tx) (map[string]reminders.Audience, error) {
	all, err := listPrefix[namedAudience](tx, "audience/")
	if err != nil {
		return nil, err
	}
	named := make(map[string]reminders.Audience, len(all))
	for _, a := range all {
		named[a.Name] = a.Audience
	}
	return named, nil
}

func (publicationRecords) CopiesSent(tx reminders.Tx, id string, after reminders.DeliveryKey, limit int) ([]reminders.Receipt, error) {
	from, to := Prefix("receipt/" + id + "/")
	if after != "" {
		from = After("receipt/" + string(after))
	}
	return list[reminders.Receipt](tx, from, to, limit)
}
