package tg.gouv.messagerie.mail.james;

import static tg.gouv.messagerie.mail.james.ConfigurationTree.fill;
import static tg.gouv.messagerie.mail.james.ConfigurationTree.tree;

import org.apache.commons.configuration2.HierarchicalConfiguration;
import org.apache.commons.configuration2.tree.ImmutableNode;
import tg.gouv.messagerie.mail.MailSettings;
import tg.gouv.messagerie.mail.delivery.Deliver;
import tg.gouv.messagerie.mail.delivery.DeliverToLists;
import tg.gouv.messagerie.mail.delivery.IsOutside;
import tg.gouv.messagerie.mail.delivery.ProvideMailboxes;
import tg.gouv.messagerie.mail.delivery.ReturnedByOperator;
import tg.gouv.messagerie.mail.delivery.SealOutside;
import tg.gouv.messagerie.mail.delivery.SendOutside;
import tg.gouv.messagerie.mail.postgres.OperatedSpool;
import tg.gouv.messagerie.mail.postgres.QueueSettings;

/** What happens to a message between the queue and the mailboxes, or the queue for other servers. */
final class MailetConfiguration {
    /** Where messages are kept that could not be delivered. */
    static final String ERRORS = QueueSettings.errors();

    private final HierarchicalConfiguration<ImmutableNode> tree = tree();

    static HierarchicalConfiguration<ImmutableNode> of(MailSettings settings) {
        return new MailetConfiguration().build(settings);
    }

    private HierarchicalConfiguration<ImmutableNode> build(MailSettings settings) {
        fill(
                tree,
                "context.postmaster",
                "postmaster@" + settings.hostName(),
                "spooler.threads",
                settings.deliveriesMax(),
                "processors[@enableJmx]",
                false,
                "spooler.errorRepository",
                ERRORS);
        processor("root");
        mailet("RelayLimit=30", "ToProcessor", "processor", "loop"); // RFC 5321 section 6.3
        mailet("All", "ToProcessor", "processor", "transport");
        processor("transport");
        mailet("All", "RemoveMimeHeader", "name", "bcc"); // RFC 5322 section 3.6.3
        settings.sealedMailbox()
                .ifPresent(
                        mailbox -> mailet(IsOutside.class.getName(), SealOutside.class.getName(), "mailbox", mailbox));
        if (settings.outside() == MailSettings.Outside.SEND) {
            mailet(IsOutside.class.getName(), SendOutside.class.getName());
        }
        mailet("RecipientIsLocal", "ToProcessor", "processor", "local-delivery");
        mailet("All", DeliverToLists.class.getName());
        mailet("All", "ToProcessor", "processor", "unknown-recipient");
        processor("local-delivery");
        mailet("All", ProvideMailboxes.class.getName());
        mailet("All", Deliver.class.getName());
        processor("unknown-recipient");
        mailet("All", "Bounce", "attachment", "none");
        mailet("All", "ToRepository", "repositoryPath", ERRORS);
        processor(OperatedSpool.RETURNED);
        mailet("All", ReturnedByOperator.class.getName());
        processor("loop");
        mailet("All", "ToRepository", "repositoryPath", ERRORS);
        processor("error");
        mailet("All", "ToRepository", "repositoryPath", ERRORS);
        return tree;
    }

    private void processor(String state) {
        fill(tree, "processors.processor(-1)[@state]", state, "processors.processor[@enableJmx]", false);
    }

    /** What fails is tried again from its beginning, later each time; then the spooler puts it aside. */
    private void mailet(String matcher, String mailet, String... parameters) {
        fill(tree, "processors.processor.mailet(-1)[@match]", matcher, "processors.processor.mailet[@class]", mailet);
        fill(
                tree,
                "processors.processor.mailet.onMatchException",
                "propagate",
                "processors.processor.mailet.onMailetException",
                "propagate");
        for (int i = 0; i < parameters.length; i += 2) {
            fill(tree, "processors.processor.mailet." + parameters[i], parameters[i + 1]);
        }
    }
}
