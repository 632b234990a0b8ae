package tg.gouv.messagerie.mail.submission;

import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.inject.Inject;
import tg.gouv.messagerie.directory.Account;
import tg.gouv.messagerie.directory.Directory;
import tg.gouv.messagerie.directory.FunctionAccess;
import tg.gouv.messagerie.directory.MailAddress;

/** In whose name an account may write. */
public final class Senders {
    private final Directory directory;

    /** Senders of this directory. */
    @Inject
    public Senders(Directory directory) {
        this.directory = directory;
    }

    /** Its own addresses, and those of the function mailboxes it holds now; a reader of one writes nothing. */
    public Set<MailAddress> of(Account actor) {
        Set<MailAddress> addresses = new LinkedHashSet<>();
        addresses.add(actor.primary());
        addresses.addAll(actor.addresses());
        for (Map.Entry<Account, FunctionAccess> function :
                directory.functionMailboxes(actor.id()).entrySet()) {
            if (function.getValue() == FunctionAccess.HOLDER) {
                addresses.addAll(function.getKey().addresses());
            }
        }
        return addresses;
    }

    /** Whether an account may write as this address, or a sub-address of it. */
    public boolean mayWriteAs(Account actor, MailAddress address) {
        return inWhoseName(actor, address).isPresent();
    }

    /** The account in whose name one would write as this address: the actor's own, or a function mailbox; empty if not allowed. */
    public Optional<Account> inWhoseName(Account actor, MailAddress address) {
        MailAddress bare = address.withoutDetail();
        if (actor.primary().equals(bare) || actor.addresses().contains(bare)) {
            return Optional.of(actor);
        }
        return directory.functionMailboxes(actor.id()).entrySet().stream()
                .filter(function -> function.getValue() == FunctionAccess.HOLDER)
                .map(Map.Entry::getKey)
                .filter(function -> function.addresses().contains(bare))
                .findFirst();
    }
}
