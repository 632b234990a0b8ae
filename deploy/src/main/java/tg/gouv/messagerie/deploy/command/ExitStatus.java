package tg.gouv.messagerie.deploy.command;

/** How a command ended, as the numbers of {@code sysexits.h} that scripts and systemd understand. */
enum ExitStatus {
    OK(0),
    /** Done, and something wants to be looked at; not a number of {@code sysexits.h}, but what monitoring takes for a warning. */
    DEGRADED(1),
    /** The command line is wrong. */
    USAGE(64),
    /** What was read is wrong: a person's data, an audit trail that does not fit. */
    DATA(65),
    /** A file that should be read is not there. */
    NO_INPUT(66),
    /** Something the command needs is not there: the running program, PostgreSQL. */
    UNAVAILABLE(69),
    /** We are wrong. */
    SOFTWARE(70),
    /** A file or directory could not be made. */
    CANNOT_CREATE(73),
    /** Reading or writing failed. */
    INPUT_OUTPUT(74),
    /** Trying again later may succeed. */
    TRY_AGAIN(75),
    /** This user may not. */
    NOT_PERMITTED(77),
    /** The settings are wrong. */
    SETTINGS(78);

    private final int number;

    ExitStatus(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }
}
