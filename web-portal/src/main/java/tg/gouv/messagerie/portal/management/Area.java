package tg.gouv.messagerie.portal.management;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import tg.gouv.messagerie.directory.rights.Right;
import tg.gouv.messagerie.directory.rights.Rights.Given;

/** What « Gestion » offers besides the search for people, each for who has one of its rights somewhere. */
public enum Area {
    NEW_PERSON("/gestion/personnes/nouvelle", Right.PEOPLE),
    GROUPS("/gestion/groupes", Right.GROUPS),
    MAILBOXES("/gestion/boites", Right.FUNCTION_MAILBOXES),
    ROOMS("/gestion/salles", Right.ROOMS),
    RIGHTS("/gestion/droits", Right.values()),
    IMPORTS("/gestion/imports", Right.PEOPLE, Right.STRUCTURE),
    LETTERS("/gestion/lettres", Right.CREDENTIALS),
    AUDIT("/gestion/audit", Right.AUDIT);

    private final String place;

    @SuppressWarnings("ImmutableEnumChecker") // Set.of
    private final Set<Right> rights;

    Area(String place, Right... rights) {
        this.place = place;
        this.rights = Set.of(rights);
    }

    /** Its address. */
    public String place() {
        return place;
    }

    /** Those of who was given these rights. */
    static List<Area> of(List<Given> given) {
        return Arrays.stream(values())
                .filter(area ->
                        given.stream().flatMap(it -> it.rights().stream()).anyMatch(area.rights::contains))
                .toList();
    }
}
