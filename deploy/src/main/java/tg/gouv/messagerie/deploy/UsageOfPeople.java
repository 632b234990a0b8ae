package tg.gouv.messagerie.deploy;

import java.util.OptionalLong;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.Directory;
import tg.gouv.messagerie.directory.help.PersonalUsage;
import tg.gouv.messagerie.mail.MailUse;

/** What mail says of how much somebody's mailboxes hold, in the words of the help desk. */
record UsageOfPeople(Directory directory, MailUse mail) implements PersonalUsage {
    private static final Usage NOTHING = new Usage(0, OptionalLong.empty(), 0, OptionalLong.empty());

    @Override
    public Usage of(AccountId person) {
        return directory
                .byId(person)
                .map(mail::of)
                .map(use -> new Usage(use.bytes(), use.bytesMax(), use.messages(), use.messagesMax()))
                .orElse(NOTHING);
    }
}
