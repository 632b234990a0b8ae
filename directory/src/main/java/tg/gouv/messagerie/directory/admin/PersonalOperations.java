package tg.gouv.messagerie.directory.admin;

import java.util.List;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.personal.PersonalArchives;
import tg.gouv.messagerie.directory.provisioning.Register;
import tg.gouv.messagerie.directory.provisioning.Register.Registered;

/** What the API does with all that is kept of one person. */
final class PersonalOperations {
    private static final List<String> NONE = List.of();

    private final Register register;
    private final PersonalArchives archives;

    PersonalOperations(Register register, PersonalArchives archives) {
        this.register = register;
        this.archives = archives;
    }

    List<Operation> all() {
        return List.of(
                new Operation(
                        "GET",
                        "/me/archive",
                        "myArchive",
                        "Everything that is kept of oneself, mail included, as a ZIP file.",
                        "token",
                        NONE,
                        NONE,
                        200,
                        List.of(Operation.ZIP),
                        call -> Answer.archive(archives.of(call.signedIn()))),
                new Operation(
                        "GET",
                        "/people/{address}/archive",
                        "archive",
                        "Everything that is kept of a person, mail included, as a ZIP file; they are told of it in who has opened their account.",
                        "personal-data",
                        NONE,
                        NONE,
                        200,
                        List.of(Operation.ZIP),
                        call -> Answer.archive(archives.of(known(call)))));
    }

    private AccountId known(Call call) {
        return register.person(call.path("address", MailAddress::of))
                .map(Registered::account)
                .orElseThrow(Problem::nothingThere);
    }
}
