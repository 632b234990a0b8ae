package tg.gouv.messagerie.directory.provisioning;

import java.util.Set;
import tg.gouv.messagerie.directory.EntityCode;
import tg.gouv.messagerie.directory.GroupCode;

/**
 * People who belong together: named one by one, by the positions they hold, by other groups, or by what they are. Who is in it follows
 * by itself when people move.
 *
 * @param name 200 characters at most
 * @param entity to which it belongs: who has the right there says who is in it
 */
public record Group(GroupCode code, String name, EntityCode entity, Set<Member> members) {
    public Group {
        name = Written.name(name, Written.LABEL_MAX);
        members = Set.copyOf(members);
    }
}
