package tg.gouv.messagerie.mail.imap;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.james.imap.decode.parser.GetQuotaCommandParser;
import org.apache.james.imap.decode.parser.ListCommandParser;
import org.apache.james.imap.decode.parser.LoginCommandParser;
import org.apache.james.imap.processor.AppendProcessor;
import org.apache.james.imap.processor.AuthenticateProcessor;
import org.apache.james.imap.processor.CloseProcessor;
import org.apache.james.imap.processor.CopyProcessor;
import org.apache.james.imap.processor.ExamineProcessor;
import org.apache.james.imap.processor.IdleProcessor;
import org.apache.james.imap.processor.ListProcessor;
import org.apache.james.imap.processor.LoginProcessor;
import org.apache.james.imap.processor.SearchProcessor;
import org.apache.james.imap.processor.SelectProcessor;
import org.apache.james.imap.processor.StoreProcessor;
import org.apache.james.imap.processor.fetch.FetchProcessor;
import org.apache.james.modules.protocols.ImapPackage;
import org.apache.james.utils.ClassName;

/** The commands of our IMAP: James's, with ours where his will not do. */
public final class ImapCommands implements ImapPackage {
    private static final Map<Class<?>, Class<?>> OURS = Map.ofEntries(
            Map.entry(LoginProcessor.class, LoginCommand.class),
            Map.entry(LoginCommandParser.class, LoginParser.class),
            Map.entry(AuthenticateProcessor.class, AuthenticateCommand.class),
            Map.entry(SelectProcessor.class, OpenCommand.Select.class),
            Map.entry(ExamineProcessor.class, OpenCommand.Examine.class),
            Map.entry(IdleProcessor.class, IdleCommand.class),
            Map.entry(FetchProcessor.class, FetchCommand.class),
            Map.entry(AppendProcessor.class, AppendCommand.class),
            Map.entry(StoreProcessor.class, StoreCommand.class),
            Map.entry(CloseProcessor.class, CloseCommand.class),
            Map.entry(ListProcessor.class, ListWithUses.class),
            Map.entry(ListCommandParser.class, ListParser.class),
            Map.entry(SearchProcessor.class, SearchCommand.class),
            Map.entry(CopyProcessor.class, CopyWithinQuota.class),
            Map.entry(GetQuotaCommandParser.class, QuotaParser.class));

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
