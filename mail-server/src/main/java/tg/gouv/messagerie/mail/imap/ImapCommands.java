package tg.gouv.messagerie.mail.imap;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.james.imap.decode.parser.GetQuotaCommandParser;
import org.apache.james.imap.decode.parser.LoginCommandParser;
import org.apache.james.imap.processor.AuthenticateProcessor;
import org.apache.james.imap.processor.CopyProcessor;
import org.apache.james.imap.processor.ListProcessor;
import org.apache.james.imap.processor.LoginProcessor;
import org.apache.james.imap.processor.fetch.FetchProcessor;
import org.apache.james.modules.protocols.ImapPackage;
import org.apache.james.utils.ClassName;

/** The commands of our IMAP: James's, with ours where his will not do. */
public final class ImapCommands implements ImapPackage {
    private static final Map<Class<?>, Class<?>> OURS = Map.of(
            LoginProcessor.class, LoginCommand.class,
            LoginCommandParser.class, LoginParser.class,
            AuthenticateProcessor.class, AuthenticateCommand.class,
            FetchProcessor.class, SlowReaderFetch.class,
            ListProcessor.class, ListWithUses.class,
            CopyProcessor.class, CopyWithinQuota.class,
            GetQuotaCommandParser.class, QuotaParser.class);

    @Override
    public Collection<ClassName> processors() {
        return ours(DEFAULT.processors());
    }

    @Override
    public Collection<ClassName> decoders() {
        return ours(DEFAULT.decoders());
    }

    @Override
    public Collection<ClassName> encoders() {
        return DEFAULT.encoders();
    }

    private static List<ClassName> ours(Collection<ClassName> names) {
        return names.stream().map(ImapCommands::ours).toList();
    }

    private static ClassName ours(ClassName name) {
        return OURS.entrySet().stream()
                .filter(each -> each.getKey().getName().equals(name.getName()))
                .map(each -> new ClassName(each.getValue().getName()))
                .findFirst()
                .orElse(name);
    }
}
