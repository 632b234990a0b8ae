package tg.gouv.messagerie.mail.james;

import java.util.List;
import org.apache.james.core.Domain;
import org.apache.james.domainlist.api.DomainList;
import org.apache.james.domainlist.api.DomainListException;
import tg.gouv.messagerie.directory.Directory;
import tg.gouv.messagerie.platform.database.StoreUnavailable;

/** The domains whose mail is ours, as James sees them. */
final class DirectoryDomains implements DomainList {
    private final Directory directory;
    private final String hostName;

    DirectoryDomains(Directory directory, String hostName) {
        this.directory = directory;
        this.hostName = hostName;
    }

    @Override
    public List<Domain> getDomains() throws DomainListException {
        try {
            return directory.domains().stream().sorted().map(Domain::of).toList();
        } catch (StoreUnavailable e) {
            throw new DomainListException("the directory does not answer", e);
        }
    }

    @Override
    public boolean containsDomain(Domain domain) throws DomainListException {
        try {
            return directory.domains().contains(domain.asString());
        } catch (StoreUnavailable e) {
            throw new DomainListException("the directory does not answer", e);
        }
    }

    /** The first domain; before there is one, the host's own name. */
    @Override
    public Domain getDefaultDomain() throws DomainListException {
        List<Domain> domains = getDomains();
        return domains.isEmpty() ? Domain.of(hostName) : domains.getFirst();
    }

    @Override
    public void addDomain(Domain domain) throws DomainListException {
        throw new DomainListException("domains are made in the directory");
    }

    @Override
    public void removeDomain(Domain domain) throws DomainListException {
        throw new DomainListException("domains are made in the directory");
    }
}
