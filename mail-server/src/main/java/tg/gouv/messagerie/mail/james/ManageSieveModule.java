package tg.gouv.messagerie.mail.james;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import org.apache.james.managesieve.api.SieveParser;
import org.apache.james.managesieve.jsieve.Parser;
import org.apache.james.sieverepository.api.SieveRepository;
import org.apache.jsieve.ConfigurationManager;
import tg.gouv.messagerie.directory.signin.Sessions;
import tg.gouv.messagerie.directory.signin.SignIns;
import tg.gouv.messagerie.mail.MailSettings;
import tg.gouv.messagerie.mail.filters.ManageSieve;
import tg.gouv.messagerie.platform.tls.TlsIdentity;

/** ManageSieve over James's repository of scripts and the parser of his Sieve. */
final class ManageSieveModule extends AbstractModule {
    @Provides
    @Singleton
    SieveParser parser() throws Exception {
        return new Parser(new ConfigurationManager());
    }

    @Provides
    @Singleton
    ManageSieve server(
            MailSettings settings,
            SieveRepository repository,
            SieveParser parser,
            SignIns signIns,
            Sessions sessions,
            TlsIdentity identity) {
        return new ManageSieve(
                settings.managesieve(),
                settings.patience(),
                settings.connectionsPerAddressMax(),
                repository,
                parser,
                signIns,
                sessions,
                identity);
    }
}
