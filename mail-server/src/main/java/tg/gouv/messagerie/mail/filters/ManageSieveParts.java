package tg.gouv.messagerie.mail.filters;

import org.apache.james.managesieve.api.SieveParser;
import org.apache.james.sieverepository.api.SieveRepository;
import tg.gouv.messagerie.directory.signin.SignIns;
import tg.gouv.messagerie.platform.tls.TlsIdentity;

/** What ManageSieve is built from. */
public record ManageSieveParts(
        ManageSieveSettings settings,
        String hostName,
        SignIns signIns,
        TlsIdentity identity,
        SieveRepository repository,
        SieveParser parser) {}
