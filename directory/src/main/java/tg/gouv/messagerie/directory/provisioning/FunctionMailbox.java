package tg.gouv.messagerie.directory.provisioning;

import java.util.Map;
import tg.gouv.messagerie.directory.EntityCode;
import tg.gouv.messagerie.directory.FunctionAccess;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.PositionCode;

/**
 * A mailbox of a function: whoever holds the position uses it, with their own secret.
 *
 * @param address the primary one, by which it is known
 * @param displayName as correspondents see it, 200 characters at most
 * @param holders the positions whose holders use it, besides the owner's
 */
public record FunctionMailbox(
        MailAddress address, String displayName, Owner owner, Map<PositionCode, FunctionAccess> holders) {
    public FunctionMailbox {
        displayName = Written.name(displayName, Written.LABEL_MAX);
        holders = Map.copyOf(holders);
    }

    /** The function mailbox that comes with a position, for its holders alone. */
    public FunctionMailbox(MailAddress address, String displayName, PositionCode position) {
        this(address, displayName, new OfPosition(position), Map.of());
    }

    /** To what a function mailbox belongs. */
    public sealed interface Owner {}

    /** It comes with a position: who holds it holds the mailbox. */
    public record OfPosition(PositionCode position) implements Owner {}

    /** It belongs to an entity: only {@code holders} use it. */
    public record OfEntity(EntityCode entity) implements Owner {}
}
