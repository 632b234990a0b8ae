package tg.gouv.messagerie.portal.management;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tg.gouv.messagerie.directory.rights.Right;
import tg.gouv.messagerie.directory.rights.Rights.Given;

/** What « Gestion » offers besides the search for people, each for who has its right somewhere. */
public enum Area {
    NEW_PERSON("/gestion/personnes/nouvelle", Right.PEOPLE),
    GROUPS("/gestion/groupes", Right.GROUPS),
    MAILBOXES("/gestion/boites", Right.FUNCTION_MAILBOXES),
    ROOMS("/gestion/salles", Right.ROOMS),
    RIGHTS("/gestion/droits", null);

    private final String place;
    private final @Nullable Right right;

    Area(String place, @Nullable Right right) {
        this.place = place;
        this.right = right;
    }

    /** Its address. */
    public String place() {
        return place;
    }

    /** Those of who was given these rights. */
    static List<Area> of(List<Given> given) {
        return Arrays.stream(values())
                .filter(area -> area.right == null
                        || given.stream().anyMatch(it -> it.rights().contains(area.right)))
                .toList();
    }
}
