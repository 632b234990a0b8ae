package tg.gouv.messagerie.directory.imports;

import java.util.Optional;
import tg.gouv.messagerie.directory.EntityCode;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.provisioning.PersonName;

/** Which address somebody new would get. May be called from any thread that may block. */
public interface AddressProposals {
    /** Where neither an entity nor one above it has a rule. */
    String USUAL = "{given}.{family}";

    /**
     * A free address by the rule of the entity or of the nearest one above it. Without one it is {@link #USUAL} in the domain of the entity or
     * of the nearest one above it, else in the State's if that has one domain. Nothing keeps it free.
     *
     * @return nothing if there is no such domain, or the names have no letter that ASCII can write
     * @throws tg.gouv.messagerie.platform.database.StoreUnavailable if PostgreSQL does not answer
     */
    Optional<MailAddress> propose(PersonName name, EntityCode entity);
}
