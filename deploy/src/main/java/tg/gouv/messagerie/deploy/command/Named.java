package tg.gouv.messagerie.deploy.command;

import java.util.function.Function;
import tg.gouv.messagerie.directory.EntityCode;
import tg.gouv.messagerie.directory.GroupCode;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.PositionCode;

/** Things of the directory, as the command line names them. */
final class Named {
    private Named() {}

    static MailAddress address(String text) {
        return read(text, MailAddress::of, "named.address");
    }

    static PositionCode position(String text) {
        return read(text, PositionCode::new, "named.position");
    }

    static EntityCode entity(String text) {
        return read(text, EntityCode::new, "named.entity");
    }

    static GroupCode group(String text) {
        return read(text, GroupCode::new, "named.group");
    }

    private static <T> T read(String text, Function<String, T> type, String otherwise) {
        try {
            return type.apply(text);
        } catch (IllegalArgumentException _) {
            throw new Refusal(ExitStatus.USAGE, otherwise, Terminal.printable(text));
        }
    }
}
