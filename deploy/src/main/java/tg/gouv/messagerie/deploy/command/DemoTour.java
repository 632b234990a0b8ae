package tg.gouv.messagerie.deploy.command;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tg.gouv.messagerie.deploy.demo.ConnectionSheet;
import tg.gouv.messagerie.deploy.demo.ConnectionSheet.SheetAccount;
import tg.gouv.messagerie.deploy.demo.DemoSheet;

/** {@code demo tour}: ten minutes through the fictitious State; each step says what to type or open, and what is to be seen. */
@Command(name = "tour")
final class DemoTour implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final Target target;

    DemoTour(Terminal terminal, Assembly<?, ?> assembly) {
        this.terminal = terminal;
        this.target = new Target(assembly);
    }

    /**
     * A step.
     *
     * @param key of its title ({@code tour.KEY}) and of what is to be seen ({@code tour.KEY.see})
     * @param doing a command or an address
     */
    record Step(String key, String doing) {}

    @Override
    public Integer call() throws IOException {
        ConnectionSheet sheet = Demo.sheet(target);
        List<Step> steps = steps(sheet, target.data().toString());
        terminal.say("tour.begin", steps.size());
        BufferedReader typed = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (int i = 0; i < steps.size(); i++) {
            Step step = steps.get(i);
            terminal.say("tour.step", i + 1, steps.size(), terminal.texts().text("tour." + step.key()));
            terminal.result("\n    " + step.doing() + "\n");
            terminal.say("tour.see", terminal.texts().text("tour." + step.key() + ".see"));
            if (terminal.interactive() && i + 1 < steps.size()) {
                terminal.say("tour.next");
                if (typed.readLine() == null) {
                    break;
                }
            }
        }
        terminal.say("tour.end");
        return ExitStatus.OK.number();
    }

    /** In the order of a day: a civil servant, their focal point, the administrator. */
    static List<Step> steps(ConnectionSheet sheet, String data) {
        String portal = String.valueOf(sheet.urls().get("portal")).replaceAll("/$", "");
        SheetAccount person = sheet.accounts().getFirst();
        SheetAccount successor = sheet.accounts().get(1);
        String focal = with(sheet, "focal-point").address();
        String at = " --data " + data;
        return List.of(
                new Step(
                        "passwords",
                        "jq -r '.accounts[] | [.address, .password, .roles[-1]] | @tsv' " + data + "/"
                                + ConnectionSheet.FILE),
                new Step("mail", "./messagerie demo thunderbird" + at + " " + person.address()),
                new Step("account", portal + "/compte"),
                new Step("device", portal + "/compte/appareils/ajouter"),
                new Step("opened", portal + "/compte/acces"),
                new Step(
                        "directory",
                        "LDAPTLS_CACERT=" + sheet.ca() + " ldapsearch -x -LLL -H ldaps://" + sheet.host() + ":"
                                + sheet.ports().get("ldaps") + " -D " + person.dn() + " -W -b " + sheet.ldapBase()
                                + " '(cn=*mens*)' cn mail"),
                new Step("focal", portal + "/gestion/personnes?q=mens"),
                new Step("letter", portal + "/gestion/personnes/" + successor.address() + "/lettre"),
                new Step("refused", portal + "/gestion/personnes/" + DemoSheet.ADMINISTRATOR + "/suspendre"),
                new Step("hand-over", portal + "/gestion/personnes/" + person.address() + "/remettre"),
                new Step("right", "./messagerie person rights" + at + " " + focal),
                new Step("trace", "./messagerie trace" + at + " --recipient " + person.address()),
                new Step(
                        "kill",
                        "kill -9 $(jq .processes.messagerie " + data + "/" + ConnectionSheet.FILE
                                + ") && ./messagerie up --demo" + at),
                new Step("audit", "./messagerie audit verify" + at));
    }

    private static SheetAccount with(ConnectionSheet sheet, String role) {
        return sheet.accounts().stream()
                .filter(it -> it.roles().contains(role))
                .findFirst()
                .orElseThrow();
    }
}
