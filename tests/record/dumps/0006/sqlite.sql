BEGIN TRANSACTION;
CREATE TABLE account (
	learner_id INTEGER NOT NULL, 
	mail VARCHAR(254) NOT NULL, 
	password_hash VARCHAR(255), 
	role VARCHAR(20) NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_account PRIMARY KEY (learner_id), 
	CONSTRAINT fk_account_learner_id_learner FOREIGN KEY(learner_id) REFERENCES learner (id) ON DELETE CASCADE, 
	CONSTRAINT uq_account_mail UNIQUE (mail)
);
INSERT INTO "account" VALUES(1,'learner0@example.org','$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$m3Hq0Wn8N0N4m0n2vEwVbg','learner','2026-12-01 12:58:40.714696');
INSERT INTO "account" VALUES(2,'learner1@example.org','$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$m3Hq0Wn8N0N4m0n2vEwVbg','learner','2026-12-01 12:58:40.734778');
INSERT INTO "account" VALUES(3,'learner2@example.org','$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$m3Hq0Wn8N0N4m0n2vEwVbg','learner','2026-12-01 12:58:40.750749');
INSERT INTO "account" VALUES(4,'learner3@example.org','$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$m3Hq0Wn8N0N4m0n2vEwVbg','learner','2026-12-01 12:58:40.760304');
INSERT INTO "account" VALUES(5,'learner4@example.org','$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$m3Hq0Wn8N0N4m0n2vEwVbg','learner','2026-12-01 12:58:40.762241');
INSERT INTO "account" VALUES(6,'learner5@example.org','$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$m3Hq0Wn8N0N4m0n2vEwVbg','learner','2026-12-01 12:58:40.772268');
INSERT INTO "account" VALUES(25,'trainer@example.org','$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$m3Hq0Wn8N0N4m0n2vEwVbg','trainer','2026-12-01 12:58:40.780098');
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0006');
CREATE TABLE answer (
	learner_id INTEGER NOT NULL, 
	client_id CHAR(32) NOT NULL, 
	lesson VARCHAR(120) NOT NULL, 
	attempt INTEGER NOT NULL, 
	question VARCHAR(120) NOT NULL, 
	question_revision_id INTEGER NOT NULL, 
	given JSON NOT NULL, 
	share DOUBLE, 
	out_of DOUBLE NOT NULL, 
	given_at DATETIME, 
	recorded_at DATETIME NOT NULL, shown JSON, seconds DOUBLE, marking SMALLINT DEFAULT '1' NOT NULL, practice BOOLEAN DEFAULT 0 NOT NULL, 
	CONSTRAINT pk_answer PRIMARY KEY (learner_id, client_id), 
	CONSTRAINT fk_answer_learner_id_lesson_attempt_attempt FOREIGN KEY(learner_id, lesson, attempt) REFERENCES attempt (learner_id, lesson, number) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED, 
	CONSTRAINT fk_answer_learner_id_learner FOREIGN KEY(learner_id) REFERENCES learner (id) ON DELETE CASCADE, 
	CONSTRAINT fk_answer_question_revision_id_question_revision FOREIGN KEY(question_revision_id) REFERENCES question_revision (id), 
	CONSTRAINT uq_answer_learner_id_question_attempt UNIQUE (learner_id, question, attempt)
);
INSERT INTO "answer" VALUES(1,'a6a3a4506513270e269e0d37f2a74de4','one/first',1,'capital',1,'{"choice": ["6d5809ab"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.085552',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(1,'0ed904759531985d5d9dc9f81818e811','one/first',1,'even',2,'{"choice": ["d4735e3a", "4b227777", "f9194e73", "ef2d127d"]}',6.66666666666666629659e-01,2.0,NULL,'2026-12-01 12:58:40.086300',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(1,'d3ac94af0f21ddb66cad4a268d116ece','one/first',2,'even',2,'{"choice": ["f9194e73", "ef2d127d"]}',0.0,2.0,NULL,'2026-12-01 12:58:40.086718',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(1,'3898d190f9ebdacc0cb1e29c658cda14','one/first',1,'comma',3,'{"choice": ["dee10f4b"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.087013',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(1,'6b4cb2424a23d5962217beaddbc496cb','one/first',2,'comma',3,'{"choice": ["dee10f4b"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.087265',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(1,'ae97ba94d0eda82f8f6d05584ef8aa38','one/second',1,'colour',5,'{"gap.colour": ["blue"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.087803',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(1,'301850c5a38fd547923a736994e3bf91','one/second',2,'colour',5,'{"gap.colour": ["blue"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.088097',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(1,'0f4205b4907a70c31012f037b64ce422','one/second',1,'sorted',6,'{"item.beb13475": ["3"], "item.67a33335": ["1"], "item.77af778b": ["2"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.088423',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(1,'6d76b07e881ed162ae2eb1547f150524','one/second',2,'sorted',6,'{"item.beb13475": ["3"], "item.67a33335": ["1"], "item.77af778b": ["2"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.088683',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(1,'5c90a9587403e430ec66a78795e761d1','two/old-name',1,'sum',7,'{"choice": ["94a72c07"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.088911',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(1,'14f4733f3e7d1bfbc7a2ea20b2f14c94','two/old-name',1,'why',8,'{"text": ["Because of 0.574."]}',NULL,0.0,NULL,'2026-12-01 12:58:40.089175',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(1,'babced2057ee05cde00902c77ebff206','two/gone',1,'last-one',9,'{"choice": ["85a39ab3"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.089377',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(1,'1e398f1012bd4acefaecbd389be4bcfc','two/gone',2,'last-one',9,'{"choice": ["85a39ab3"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.089609',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(2,'eeeacbe226e875555790f82ec1d3fcff','one/first',1,'capital',1,'{"choice": ["6d5809ab"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.097359',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(2,'d17f9acae01f5057ca02135e92b1d3f2','one/first',1,'wander',4,'{"number": ["7"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.098340',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(2,'7f26144b98289fcd59a54a7bb1fee08f','one/first',2,'wander',4,'{"number": ["7"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.098827',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(2,'f1d69ed617f5e837d70820fe119a72d1','one/second',1,'colour',5,'{"gap.colour": ["blue"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.099216',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(2,'ae658f33fe3b890b93f448b3a5aa3c81','two/old-name',1,'why',8,'{"text": ["Because of 0.822."]}',NULL,0.0,NULL,'2026-12-01 12:58:40.106028',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(2,'ab2cd31ee315128862c33a4fb774eb52','two/gone',1,'last-one',9,'{"choice": ["85a39ab3"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.106569',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(3,'1df9fd789c6539382b0537e65affb229','one/first',1,'capital',1,'{"choice": ["6d5809ab"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.112989',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(3,'bd0561e6211c70cf49952399c4aaeac1','one/first',1,'even',2,'{"choice": ["d4735e3a", "f9194e73", "ef2d127d"]}',3.33333333333333314829e-01,2.0,NULL,'2026-12-01 12:58:40.113382',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(3,'d1bc52d9230d977ee22571594720771f','one/first',1,'comma',3,'{"choice": ["dee10f4b"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.113649',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(3,'6a50df4db4d66a3a47469a4d8cdb305f','one/first',2,'comma',3,'{"choice": ["50b16376"]}',0.0,1.0,NULL,'2026-12-01 12:58:40.113891',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(3,'153e7c2a26a2c0bd3b1287fff52ddf5d','one/first',1,'wander',4,'{"number": ["7"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.114217',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(3,'7c26847f0316909e3bbbe9eaa8948c89','one/second',1,'colour',5,'{"gap.colour": ["grey"]}',0.0,1.0,NULL,'2026-12-01 12:58:40.114483',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(3,'254b0c4e010c4759482c9cbc43435cc5','one/second',1,'sorted',6,'{"item.beb13475": ["1"], "item.67a33335": ["2"], "item.77af778b": ["3"]}',0.0,1.0,NULL,'2026-12-01 12:58:40.114785',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(3,'ad1b72dba7abe1c29e1a8ef4f341e07a','two/old-name',1,'sum',7,'{"choice": ["94a72c07"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.114987',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(3,'c7ac1491def88334e647cb8f74e69a5d','two/old-name',2,'sum',7,'{"choice": ["926f52d1"]}',0.0,1.0,NULL,'2026-12-01 12:58:40.115180',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(3,'64e50cad66237a0465e7e4236472f1a3','two/old-name',1,'why',8,'{"text": ["Because of 0.104."]}',NULL,0.0,NULL,'2026-12-01 12:58:40.115370',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(3,'30cbc97d0fef792866836886a260cd0b','two/old-name',2,'why',8,'{"text": ["Because of 0.067."], "check": []}',NULL,0.0,NULL,'2026-12-01 12:58:40.132589',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(3,'570dc1951c2442f9298cb3a570ccec31','two/gone',1,'last-one',9,'{"choice": ["1ea442a1"]}',0.0,1.0,NULL,'2026-12-01 12:58:40.133222',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(4,'f2ee4e4519f9919c895fd7b326b94c7f','one/first',1,'comma',3,'{"choice": ["dee10f4b"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.149817',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(4,'353c631cdfd43f371200339d068739fa','one/first',2,'comma',3,'{"choice": ["dee10f4b"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.150452',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(4,'58ee8571f4998d7c4093f6dea268aa87','one/first',1,'wander',4,'{"number": ["7"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.151060',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(4,'7cf20724d953ee261d87cec31f7296ab','one/second',1,'colour',5,'{"gap.colour": ["grey"]}',0.0,1.0,NULL,'2026-12-01 12:58:40.159764',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(4,'15fc899e4fd58dbe7bdc968b7afb2c68','one/second',1,'sorted',6,'{"item.beb13475": ["1"], "item.67a33335": ["3"], "item.77af778b": ["2"]}',3.33333333333333314829e-01,1.0,NULL,'2026-12-01 12:58:40.160776',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(4,'842e7fc229540a6eb12aa1f6d42fddbb','two/old-name',1,'sum',7,'{"choice": ["94a72c07"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.161172',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(4,'8b0d590bb0a844e52587be6b5c9bcf35','two/old-name',1,'why',8,'{"text": ["Because of 0.914."]}',NULL,0.0,NULL,'2026-12-01 12:58:40.161463',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(4,'fa7f0eab4c4f9b0687322e25c215a82a','two/old-name',2,'why',8,'{"text": ["Because of 0.643."], "check": []}',NULL,0.0,NULL,'2026-12-01 12:58:40.161741',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(5,'2ac34446e883a1d45de0099784b5a818','one/first',1,'capital',1,'{"choice": ["6d5809ab"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.177438',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(5,'80b0c08bc77024208aa4248c8857f9a4','one/first',1,'even',2,'{"choice": ["d4735e3a"]}',3.33333333333333314829e-01,2.0,NULL,'2026-12-01 12:58:40.182942',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(5,'cda6c6fdbd68516766934036d17e4497','one/first',1,'comma',3,'{"choice": ["dee10f4b"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.183426',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(5,'076b3e36bb2313f55b06258e7e26f36a','one/first',1,'wander',4,'{"number": ["5"]}',0.0,1.0,NULL,'2026-12-01 12:58:40.192491',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(5,'4259405278e4b98d4787f93bca44eb86','one/first',2,'wander',4,'{"number": ["7"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.192959',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(5,'cefe2a1f727d83495822cb77f4de2c08','one/second',1,'colour',5,'{"gap.colour": ["grey"]}',0.0,1.0,NULL,'2026-12-01 12:58:40.193308',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(5,'f979d04af47aebdd597a1ecffcf00fec','one/second',2,'colour',5,'{"gap.colour": ["blue"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.193792',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(5,'325b55dd785729763a12917c1a26f889','one/second',1,'sorted',6,'{"item.beb13475": ["3"], "item.67a33335": ["2"], "item.77af778b": ["1"]}',3.33333333333333314829e-01,1.0,NULL,'2026-12-01 12:58:40.194149',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(5,'d5ab8b4d15b40aeba4a45effccb573d9','two/old-name',1,'sum',7,'{"choice": ["94a72c07"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.194394',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(5,'330698a1c0093492b6246771c8450070','two/old-name',1,'why',8,'{"text": ["Because of 0.478."]}',NULL,0.0,NULL,'2026-12-01 12:58:40.194603',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(5,'551fd8f9a2c68e45ca04c79f6f15b6ad','two/gone',1,'last-one',9,'{"choice": ["85a39ab3"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.194803',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(6,'f26149edbe4c5ce666c1494e7691b06f','one/first',1,'capital',1,'{"choice": ["6d5809ab"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.210945',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(6,'070d710920859634fe3c9c8f2b855c1f','one/first',1,'even',2,'{"choice": ["f9194e73"]}',3.33333333333333314829e-01,2.0,NULL,'2026-12-01 12:58:40.216667',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(6,'27e9e06f59b44e92effddeeaa842bc19','one/first',1,'comma',3,'{"choice": ["dee10f4b"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.217286',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(6,'f88c422bcca2a92b03a56cc1057a40b2','one/first',1,'wander',4,'{"number": ["5"]}',0.0,1.0,NULL,'2026-12-01 12:58:40.217811',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(6,'6f0e228923a5ef88ef02090bbfdefc15','one/second',1,'sorted',6,'{"item.beb13475": ["3"], "item.67a33335": ["1"], "item.77af778b": ["2"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.218210',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(6,'3606defcdfb85c0dd37ee91531dec4f4','one/second',2,'sorted',6,'{"item.beb13475": ["3"], "item.67a33335": ["1"], "item.77af778b": ["2"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.218547',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(6,'6b4468068b5ab3ee4265bb3153740902','two/old-name',1,'sum',7,'{"choice": ["94a72c07"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.218789',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(6,'5a9196f0bd6b881ae8f6e0bd0f977044','two/old-name',2,'sum',7,'{"choice": ["94a72c07"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.219002',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(6,'6bae4b5b844a7034e77ffe48d0a6ec17','two/old-name',1,'why',8,'{"text": ["Because of 0.827."]}',NULL,0.0,NULL,'2026-12-01 12:58:40.219227',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(6,'8825ae562179b37d806c10b5e0cfab4c','two/old-name',2,'why',8,'{"text": ["Because of 0.152."], "check": []}',NULL,0.0,NULL,'2026-12-01 12:58:40.233897',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(6,'c6c91b9270ac06acdf70301704c9d78d','two/gone',1,'last-one',9,'{"choice": ["85a39ab3"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.234940',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(6,'265974a7cc966f46c6aa7d550101b811','two/gone',2,'last-one',9,'{"choice": ["85a39ab3"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.239864',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(7,'8e752fdf1ece615db9a6442e9e7d6b37','one/first',1,'capital',1,'{"choice": ["6d5809ab"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.304228',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(7,'c8c614b27b8444d18e31704187ddaeb7','one/first',1,'even',2,'{"choice": ["4b227777", "f9194e73", "ef2d127d"]}',3.33333333333333314829e-01,2.0,NULL,'2026-12-01 12:58:40.304717',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(7,'8fcd7f4073c1cd2c81f98b521905d591','one/first',2,'even',2,'{"choice": ["4b227777", "f9194e73"]}',6.66666666666666629659e-01,2.0,NULL,'2026-12-01 12:58:40.305049',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(7,'46f5a1b4b156d1ad330c16a3831d03bf','one/first',1,'comma',3,'{"choice": ["dee10f4b"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.305298',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(7,'81fc069e7a609683ceaf4915888564e8','one/first',2,'comma',3,'{"choice": ["50b16376"]}',0.0,1.0,NULL,'2026-12-01 12:58:40.305541',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(7,'ed84e91ef132bf2de040015ce064a114','one/first',1,'wander',4,'{"number": ["7"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.305882',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(7,'33dcd77ff179f2d2e48b96628f3c4be3','one/first',2,'wander',4,'{"number": ["5"]}',0.0,1.0,NULL,'2026-12-01 12:58:40.306147',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(7,'712ea6b36471fde41f229dd06aa8b9e0','one/second',1,'colour',5,'{"gap.colour": ["blue"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.306403',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(7,'ab6286cd3672d6ae12b80aed6da79a87','one/second',1,'sorted',6,'{"item.beb13475": ["2"], "item.67a33335": ["1"], "item.77af778b": ["3"]}',3.33333333333333314829e-01,1.0,NULL,'2026-12-01 12:58:40.306750',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(7,'f7b103df23231e1ee201552240cbacd0','two/old-name',1,'sum',7,'{"choice": ["94a72c07"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.306964',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(7,'fd68373b29acf1a57cbd1f5ae28af604','two/gone',1,'last-one',9,'{"choice": ["1ea442a1"]}',0.0,1.0,NULL,'2026-12-01 12:58:40.307174',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(8,'fe7b8ae46e7836a4b4d19ec12955d6f0','one/first',1,'capital',1,'{"choice": ["b36f06be"]}',0.0,1.0,NULL,'2026-12-01 12:58:40.329433',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(8,'518ae4525b4b1b75321c52966bd8c676','one/first',1,'even',2,'{"choice": ["d4735e3a", "4b227777", "f9194e73"]}',1.0,2.0,NULL,'2026-12-01 12:58:40.329904',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(8,'4ba2e1619fb9af5084768b8c54dd0ba5','one/first',1,'comma',3,'{"choice": ["dee10f4b"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.330202',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(8,'15850a031ad2d5f1e05b3e13f8c110fb','one/second',1,'sorted',6,'{"item.beb13475": ["2"], "item.67a33335": ["1"], "item.77af778b": ["3"]}',3.33333333333333314829e-01,1.0,NULL,'2026-12-01 12:58:40.330541',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(8,'e9526a69d97e967b6c18d982d1dcec53','two/old-name',1,'sum',7,'{"choice": ["94a72c07"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.330766',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(8,'eb4ed2e3895e8b6b263cfa5e67ec326a','two/old-name',1,'why',8,'{"text": ["Because of 0.515."]}',NULL,0.0,NULL,'2026-12-01 12:58:40.330986',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(8,'4770a08716e6fec353b97377b34e8ece','two/gone',1,'last-one',9,'{"choice": ["85a39ab3"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.331179',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(9,'44d82a531289bafae53169606ce193c2','one/first',1,'capital',1,'{"choice": ["54818870"]}',0.0,1.0,NULL,'2026-12-01 12:58:40.361510',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(9,'38efbaebdb31ccd29bb183e11570266b','one/first',1,'comma',3,'{"choice": ["dee10f4b"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.362039',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(9,'8d959c31fe8ad4a156d2a68c02f4b342','one/second',1,'colour',5,'{"gap.colour": ["blue"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.362553',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(9,'86e3e7260b0f873b2114e0689f27f52c','one/second',1,'sorted',6,'{"item.beb13475": ["3"], "item.67a33335": ["1"], "item.77af778b": ["2"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.362958',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(9,'33a715682e5f950c0ce5af69430b91ed','two/old-name',1,'why',8,'{"text": ["Because of 0.932."]}',NULL,0.0,NULL,'2026-12-01 12:58:40.363211',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(9,'4a3adf9934b3ff60c26e7a4287f53ddd','two/gone',1,'last-one',9,'{"choice": ["85a39ab3"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.377569',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(10,'04a65651cdbde74758d50f1b4540f426','one/first',1,'capital',1,'{"choice": ["54818870"]}',0.0,1.0,NULL,'2026-12-01 12:58:40.381785',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(10,'83a4e62930803889fa6197748d118e37','one/second',1,'colour',5,'{"gap.colour": ["blue"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.382280',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(10,'a887ae221b35411b72723b9cef44c0d5','one/second',2,'colour',5,'{"gap.colour": ["grey"]}',0.0,1.0,NULL,'2026-12-01 12:58:40.382589',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(10,'d5a9422a8bc083117eb86c57a81100a1','one/second',1,'sorted',6,'{"item.beb13475": ["3"], "item.67a33335": ["1"], "item.77af778b": ["2"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.382900',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(10,'fb81392137161c16b00fd7bb4ecadea2','two/old-name',1,'sum',7,'{"choice": ["94a72c07"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.383129',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(10,'b4ebf4b6e1c60aa3d510bb0432d90dcd','two/old-name',2,'sum',7,'{"choice": ["94a72c07"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.383339',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(10,'fb5c9d5658f92deafd4bd030679a44dd','two/old-name',1,'why',8,'{"text": ["Because of 0.054."]}',NULL,0.0,NULL,'2026-12-01 12:58:40.400181',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(10,'bdaaea00a01d616f121ae3e603a63966','two/gone',1,'last-one',9,'{"choice": ["1ea442a1"]}',0.0,1.0,NULL,'2026-12-01 12:58:40.400900',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(11,'aa4c5c6015a0cce60e2ec40a29ca862d','one/first',1,'capital',1,'{"choice": ["b36f06be"]}',0.0,1.0,NULL,'2026-12-01 12:58:40.416851',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(11,'99498ac4482cc78ef88ede10aba8b9b3','one/first',1,'even',2,'{"choice": ["d4735e3a", "4b227777", "f9194e73", "ef2d127d"]}',6.66666666666666629659e-01,2.0,NULL,'2026-12-01 12:58:40.417337',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(11,'54348156f637a4685d385e064363e5d9','one/first',2,'even',2,'{"choice": ["d4735e3a", "4b227777", "ef2d127d"]}',3.33333333333333314829e-01,2.0,NULL,'2026-12-01 12:58:40.417723',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(11,'61b2480c55d85e8d00460d692ed65411','one/first',1,'comma',3,'{"choice": ["dee10f4b"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.417986',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(11,'3f88af5933736dcca7f0c99e80b5244a','one/first',1,'wander',4,'{"number": ["7"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.418317',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(11,'66465d2824d4589c16fa1421d129d067','two/old-name',1,'sum',7,'{"choice": ["94a72c07"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.418524',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(11,'a1320b9d4de2f8ad4cb59aa705c22d3f','two/old-name',1,'why',8,'{"text": ["Because of 0.233."]}',NULL,0.0,NULL,'2026-12-01 12:58:40.418724',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(11,'c0236e49da6e6d8e8778f742f527b5c2','two/gone',1,'last-one',9,'{"choice": ["85a39ab3"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.418923',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(11,'e10c167dc8b6eaffb74b589be48e9e02','two/gone',2,'last-one',9,'{"choice": ["85a39ab3"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.419107',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(12,'264337987e834904fc173498b87e4e2b','one/first',1,'capital',1,'{"choice": ["6d5809ab"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.448616',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(12,'d329d65c0b35b1de250e7b34a4aa07b4','one/first',1,'even',2,'{"choice": []}',0.0,2.0,NULL,'2026-12-01 12:58:40.449244',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(12,'c0bbe6ed8614f504e8ee65a123a9a9da','one/first',2,'even',2,'{"choice": ["ef2d127d"]}',0.0,2.0,NULL,'2026-12-01 12:58:40.449695',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(12,'221265400ab7798807fa22f715c891ff','one/first',1,'comma',3,'{"choice": ["dee10f4b"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.449978',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(12,'0cfff0548efba442738e0b77d5f860c3','one/second',1,'colour',5,'{"gap.colour": ["blue"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.450253',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(12,'4387ee7b7d42646f3e9b768fae4001e3','one/second',1,'sorted',6,'{"item.beb13475": ["2"], "item.67a33335": ["1"], "item.77af778b": ["3"]}',3.33333333333333314829e-01,1.0,NULL,'2026-12-01 12:58:40.450562',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(12,'408fc146794ec926bc9e28eabee80626','one/second',2,'sorted',6,'{"item.beb13475": ["3"], "item.67a33335": ["1"], "item.77af778b": ["2"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.450800',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(12,'348922d7c1a624dcbab5b3733c1ae917','two/old-name',1,'sum',7,'{"choice": ["94a72c07"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.450999',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(12,'13a5397f61ef7bd1d874bc797e736d5f','two/old-name',1,'why',8,'{"text": ["Because of 0.479."]}',NULL,0.0,NULL,'2026-12-01 12:58:40.451200',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(12,'a1feb6249df2025f0bf7a4bdc458272f','two/gone',1,'last-one',9,'{"choice": ["1ea442a1"]}',0.0,1.0,NULL,'2026-12-01 12:58:40.460882',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(13,'a6caf4a341023aed54ef125a25bda659','one/first',1,'even',2,'{"choice": ["d4735e3a", "4b227777", "f9194e73", "ef2d127d"]}',6.66666666666666629659e-01,2.0,NULL,'2026-12-01 12:58:40.465905',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(13,'197a14e2ac084ba5f8f659ac44ce4ab3','one/first',2,'even',2,'{"choice": ["4b227777", "f9194e73", "ef2d127d"]}',3.33333333333333314829e-01,2.0,NULL,'2026-12-01 12:58:40.466411',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(13,'e4c717fdfe48ef631e563408c4653cde','one/first',1,'comma',3,'{"choice": ["dee10f4b"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.466673',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(13,'7912ef4aefae5d4e15fa8b65fa6672cd','one/first',1,'wander',4,'{"number": ["7"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.479967',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(13,'f7d5f12481b1c025d1e4d0a313932904','one/second',1,'colour',5,'{"gap.colour": ["grey"]}',0.0,1.0,NULL,'2026-12-01 12:58:40.480820',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(13,'f21201e4eaa3556c35b7e44863087e52','one/second',1,'sorted',6,'{"item.beb13475": ["3"], "item.67a33335": ["1"], "item.77af778b": ["2"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.481359',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(13,'86292bb5bf5b411b24491df6171e1a8c','two/old-name',1,'why',8,'{"text": ["Because of 0.262."]}',NULL,0.0,NULL,'2026-12-01 12:58:40.481697',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(13,'d1f9bdfe9a762d5421f267e25c0bb40f','two/old-name',2,'why',8,'{"text": ["Because of 0.632."], "check": []}',NULL,0.0,NULL,'2026-12-01 12:58:40.482017',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(13,'5d7cfed1b40de56d1cd86fc1e3096619','two/gone',1,'last-one',9,'{"choice": ["85a39ab3"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.482271',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(14,'00eb4e1128b88073065b8c3564e27602','one/first',1,'capital',1,'{"choice": ["54818870"]}',0.0,1.0,NULL,'2026-12-01 12:58:40.496534',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(14,'24056360ba28a6794d4ca9c767c98fb9','one/first',1,'even',2,'{"choice": ["d4735e3a", "4b227777", "f9194e73", "ef2d127d"]}',6.66666666666666629659e-01,2.0,NULL,'2026-12-01 12:58:40.497012',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(14,'f09c0afb1ebb079465f456aad6cff718','one/first',1,'comma',3,'{"choice": ["50b16376"]}',0.0,1.0,NULL,'2026-12-01 12:58:40.497310',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(14,'64950dc210a25b195f49f0fc40d28406','one/second',1,'colour',5,'{"gap.colour": ["blue"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.497642',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(14,'6d94dd6dece807995c57722e138efef9','one/second',1,'sorted',6,'{"item.beb13475": ["3"], "item.67a33335": ["1"], "item.77af778b": ["2"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.497946',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(14,'1a09a84047d7df790c5b4c59dab07929','one/second',2,'sorted',6,'{"item.beb13475": ["1"], "item.67a33335": ["3"], "item.77af778b": ["2"]}',3.33333333333333314829e-01,1.0,NULL,'2026-12-01 12:58:40.498207',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(14,'82ce786f6fad79364406c053f895fc55','two/old-name',1,'sum',7,'{"choice": ["94a72c07"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.498410',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(14,'e25f4b1c6d80de7cf4c73f2bc8ff1c38','two/old-name',1,'why',8,'{"text": ["Because of 0.029."]}',NULL,0.0,NULL,'2026-12-01 12:58:40.498607',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(14,'8ddcf83cf0d1ab56e02f9a72e9d625c9','two/gone',1,'last-one',9,'{"choice": ["85a39ab3"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.498791',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(15,'23797d45c0aed9c59d6b023f736b96a0','one/first',1,'comma',3,'{"choice": ["dee10f4b"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.510433',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(15,'ed4142bae9729f3f0c89c0017c4ea603','one/first',1,'wander',4,'{"number": ["7"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.510980',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(15,'4820823157fa49e56a34b37178e10e70','one/second',1,'colour',5,'{"gap.colour": ["blue"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.511330',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(15,'4d039b723d1926aca7ef4f5d67fd5499','one/second',1,'sorted',6,'{"item.beb13475": ["1"], "item.67a33335": ["3"], "item.77af778b": ["2"]}',3.33333333333333314829e-01,1.0,NULL,'2026-12-01 12:58:40.520238',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(15,'35372235133e6153296259c8a4a915d0','two/old-name',1,'sum',7,'{"choice": ["94a72c07"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.520753',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(15,'e8009d9073f6e53d3853933d8ce621ef','two/old-name',1,'why',8,'{"text": ["Because of 0.333."]}',NULL,0.0,NULL,'2026-12-01 12:58:40.521082',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(15,'314197758c3ba85923bc91526d6b987a','two/gone',1,'last-one',9,'{"choice": ["85a39ab3"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.525960',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(16,'51bcd77a1751f5798e4dc3a3578a60d8','one/first',1,'capital',1,'{"choice": ["6d5809ab"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.536960',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(16,'e322e96d33bf915791d277f2cf321d63','one/first',1,'even',2,'{"choice": ["4b227777", "ef2d127d"]}',0.0,2.0,NULL,'2026-12-01 12:58:40.537505',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(16,'7f867d5f0fe321ecc08a58d756947a7a','one/first',1,'comma',3,'{"choice": ["dee10f4b"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.537845',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(16,'877b55cb80de8b3eafcf0e77203943f6','one/first',1,'wander',4,'{"number": ["7"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.538179',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(16,'3f9aa884e59409c145619fc017b4834c','one/second',1,'colour',5,'{"gap.colour": ["blue"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.538423',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(16,'d94355414fe04802f435a5736e8cd94e','one/second',1,'sorted',6,'{"item.beb13475": ["3"], "item.67a33335": ["1"], "item.77af778b": ["2"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.538697',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(16,'c3813ce6b5a290616cd9e62a08411c07','two/old-name',1,'why',8,'{"text": ["Because of 0.896."]}',NULL,0.0,NULL,'2026-12-01 12:58:40.538896',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(16,'000bb5f97d652135965132d6f7e147fd','two/gone',1,'last-one',9,'{"choice": ["85a39ab3"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.539084',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(17,'72ee6a2ef8e4cb5c77d8c569daff9a0b','one/first',1,'capital',1,'{"choice": ["6d5809ab"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.557634',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(17,'26edf1bd27855798394afbe91bea705e','one/first',2,'capital',1,'{"choice": ["b36f06be"]}',0.0,1.0,NULL,'2026-12-01 12:58:40.558109',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(17,'0a1fb43bc6e0673a8d2f29e715c2c81a','one/first',1,'comma',3,'{"choice": ["dee10f4b"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.558394',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(17,'099f9c9feb7fe26b91c3098c3b8a27ba','one/first',1,'wander',4,'{"number": ["7"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.558729',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(17,'4075916ea060846c20c26f71f662222e','one/second',1,'colour',5,'{"gap.colour": ["blue"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.558980',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(17,'197536b11cb4ba55c38b48a2b2d643a2','one/second',1,'sorted',6,'{"item.beb13475": ["2"], "item.67a33335": ["3"], "item.77af778b": ["1"]}',0.0,1.0,NULL,'2026-12-01 12:58:40.559270',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(17,'004b7fd099df209bca5d5e7d393cbcdd','two/old-name',1,'sum',7,'{"choice": ["94a72c07"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.568492',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(17,'f57d17094752919475efd233ff125eb4','two/old-name',1,'why',8,'{"text": ["Because of 0.316."]}',NULL,0.0,NULL,'2026-12-01 12:58:40.569208',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(17,'8c0856a43c19c31586ba22dd79ad8999','two/gone',1,'last-one',9,'{"choice": ["85a39ab3"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.569611',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(18,'0e28b64f4eb19fcaa64f7613b4642ea4','one/first',1,'capital',1,'{"choice": ["6d5809ab"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.577193',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(18,'6b86290ba5acd341aca99fd0e2856ec6','one/first',1,'even',2,'{"choice": ["d4735e3a", "4b227777", "f9194e73", "ef2d127d"]}',6.66666666666666629659e-01,2.0,NULL,'2026-12-01 12:58:40.577668',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(18,'aebcb0aa5cc0ff066ba99d01b7e49f36','one/first',1,'comma',3,'{"choice": ["dee10f4b"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.577960',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(18,'114340ff813fb5cdd85bbb6bbd37929d','one/second',1,'colour',5,'{"gap.colour": ["blue"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.578286',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(18,'31a59c4ad1ebd086c40f36094fcc9a5c','one/second',1,'sorted',6,'{"item.beb13475": ["3"], "item.67a33335": ["1"], "item.77af778b": ["2"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.578601',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(18,'e57f76912ff3c23c9c2f67237eea6fe1','two/old-name',1,'why',8,'{"text": ["Because of 0.223."]}',NULL,0.0,NULL,'2026-12-01 12:58:40.578814',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(18,'0e71597aaa50b96fe90fb6516ac26ae0','two/old-name',2,'why',8,'{"text": ["Because of 0.949."], "check": []}',NULL,0.0,NULL,'2026-12-01 12:58:40.579062',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(18,'3683d4bc0dea6e4e64b9cb1cec032e6b','two/gone',1,'last-one',9,'{"choice": ["85a39ab3"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.579264',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(19,'b5b94af30d456be06a56aac3245448c8','one/first',1,'capital',1,'{"choice": ["6d5809ab"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.597805',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(19,'b647e8a8e5ee4c91731bbc4164b0bb14','one/first',2,'capital',1,'{"choice": ["b36f06be"]}',0.0,1.0,NULL,'2026-12-01 12:58:40.598357',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(19,'a70828a72f7dba0830d0a2b8544940e1','one/first',1,'wander',4,'{"number": ["5"]}',0.0,1.0,NULL,'2026-12-01 12:58:40.598815',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(19,'b9b253e3aa1813454fd3e758082a2f4d','one/second',1,'colour',5,'{"gap.colour": ["blue"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.599118',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(19,'2b54af7771436e1d54ea2061fc27d683','one/second',1,'sorted',6,'{"item.beb13475": ["3"], "item.67a33335": ["1"], "item.77af778b": ["2"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.599437',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(19,'1fab5884e29aaceaf49c9eba6b911f97','two/old-name',1,'sum',7,'{"choice": ["94a72c07"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.603969',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(19,'d252a617c4cba0385b4c0d7361502dee','two/old-name',1,'why',8,'{"text": ["Because of 0.309."]}',NULL,0.0,NULL,'2026-12-01 12:58:40.604216',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(19,'7934f0b8b48bb0750c9c20ef167774ef','two/gone',1,'last-one',9,'{"choice": ["85a39ab3"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.604431',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(20,'52c4641b316a2a127243d47ceb64c5c4','one/first',1,'capital',1,'{"choice": ["6d5809ab"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.613186',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(20,'a1b49bf707c0909c797b1538e5a15b79','one/first',2,'capital',1,'{"choice": ["6d5809ab"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.613642',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(20,'76cc057308ec379a602533dc0a68013d','one/first',1,'even',2,'{"choice": ["4b227777"]}',3.33333333333333314829e-01,2.0,NULL,'2026-12-01 12:58:40.613993',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(20,'f52b254955c0a74d45b669f75cebe213','one/first',1,'comma',3,'{"choice": ["50b16376"]}',0.0,1.0,NULL,'2026-12-01 12:58:40.614244',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(20,'5105122ab0882411b77570a4bf168da7','one/second',1,'colour',5,'{"gap.colour": ["grey"]}',0.0,1.0,NULL,'2026-12-01 12:58:40.614538',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(20,'98772790c1726f06b8b8f27000f72d3c','one/second',1,'sorted',6,'{"item.beb13475": ["3"], "item.67a33335": ["1"], "item.77af778b": ["2"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.614891',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(20,'f4ef6142b72fac4a79a5fd621b757b20','two/gone',1,'last-one',9,'{"choice": ["85a39ab3"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.615103',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(21,'6e106c0ee9de047940449aa0ca304218','one/first',1,'capital',1,'{"choice": ["b36f06be"]}',0.0,1.0,NULL,'2026-12-01 12:58:40.629538',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(21,'023a80a22ed51b127f1d490eed97ec76','one/first',1,'even',2,'{"choice": []}',0.0,2.0,NULL,'2026-12-01 12:58:40.630032',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(21,'5ca2c13275f5c1a051cdf2f9dc7a615d','one/first',1,'comma',3,'{"choice": ["dee10f4b"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.630333',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(21,'64457ea432830689830ae19e143a5180','one/first',1,'wander',4,'{"number": ["5"]}',0.0,1.0,NULL,'2026-12-01 12:58:40.630690',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(21,'a648a58c109257f76862bf793f4f8b9d','one/first',2,'wander',4,'{"number": ["7"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.630960',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(21,'faf20ac0292322d35364e64d8b6bfeae','one/second',1,'colour',5,'{"gap.colour": ["blue"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.631202',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(21,'43cfeadf1279688cfce205cd1aefca62','one/second',2,'colour',5,'{"gap.colour": ["blue"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.643873',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(21,'fd09e37c7f9c13216bca9b3f18af266c','one/second',1,'sorted',6,'{"item.beb13475": ["3"], "item.67a33335": ["1"], "item.77af778b": ["2"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.644822',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(21,'6ab6114f2207c6c03bf449fd2c564d56','two/old-name',1,'sum',7,'{"choice": ["94a72c07"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.645265',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(21,'c61c96dbd8d4250d89df5e79bf7b6c6c','two/old-name',1,'why',8,'{"text": ["Because of 0.664."]}',NULL,0.0,NULL,'2026-12-01 12:58:40.645569',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(22,'4485c04f911f52dc47868e4a4b354e93','one/first',1,'capital',1,'{"choice": ["6d5809ab"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.661416',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(22,'2f8c6c083f5783ea707c5f3d32fe1f36','one/first',1,'even',2,'{"choice": ["d4735e3a", "f9194e73", "ef2d127d"]}',3.33333333333333314829e-01,2.0,NULL,'2026-12-01 12:58:40.661957',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(22,'81e004fb3ef68756fe111ebc406c6132','one/first',1,'comma',3,'{"choice": ["dee10f4b"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.662311',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(22,'012664f61a327537097a5942fdaf4513','one/second',1,'colour',5,'{"gap.colour": ["blue"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.662638',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(22,'5fb65b55ea14843a72c39a28d72eb3a1','one/second',1,'sorted',6,'{"item.beb13475": ["3"], "item.67a33335": ["2"], "item.77af778b": ["1"]}',3.33333333333333314829e-01,1.0,NULL,'2026-12-01 12:58:40.662978',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(22,'954c2fc1d3f2e52df9143ef599b9ede7','two/old-name',1,'why',8,'{"text": ["Because of 0.194."]}',NULL,0.0,NULL,'2026-12-01 12:58:40.663208',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(23,'72f920262d819d38ddba8547833e469f','one/first',1,'capital',1,'{"choice": ["b36f06be"]}',0.0,1.0,NULL,'2026-12-01 12:58:40.673419',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(23,'37b79c485985ea3f9eb4e92eb5af4c8a','one/first',1,'wander',4,'{"number": ["7"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.673943',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(23,'3437ccaa0b4e7f7c2430ca6d570b534d','one/first',2,'wander',4,'{"number": ["5"]}',0.0,1.0,NULL,'2026-12-01 12:58:40.674287',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(23,'3414c2dce9f8f71fa6d21040bb7352c1','one/second',1,'sorted',6,'{"item.beb13475": ["3"], "item.67a33335": ["1"], "item.77af778b": ["2"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.674626',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(23,'ada65cc468b3e3aa53c69b0ad19f0be9','one/second',2,'sorted',6,'{"item.beb13475": ["1"], "item.67a33335": ["3"], "item.77af778b": ["2"]}',3.33333333333333314829e-01,1.0,NULL,'2026-12-01 12:58:40.674904',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(23,'8c4caa837ee14b90cb978be3080e31b0','two/old-name',1,'sum',7,'{"choice": ["94a72c07"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.675128',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(23,'a9fda2ef65322a48cbbc6c9419f48c75','two/old-name',1,'why',8,'{"text": ["Because of 0.550."]}',NULL,0.0,NULL,'2026-12-01 12:58:40.675326',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(23,'65d464fd29e78b06a72ed5081755c6de','two/gone',1,'last-one',9,'{"choice": ["1ea442a1"]}',0.0,1.0,NULL,'2026-12-01 12:58:40.684006',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(23,'aaf5a86e48866d48fcfd36d168e7ed23','two/gone',2,'last-one',9,'{"choice": ["85a39ab3"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.684481',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(24,'5b7042dfe239d3d79107756fbece7145','one/first',1,'even',2,'{"choice": ["d4735e3a"]}',3.33333333333333314829e-01,2.0,NULL,'2026-12-01 12:58:40.696301',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(24,'f12616423423880b67ac56f8ba60491e','one/first',1,'comma',3,'{"choice": ["dee10f4b"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.696713',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(24,'172a390ad203acfe1d10e9316c7b31e2','one/first',1,'wander',4,'{"number": ["7"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.697112',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(24,'21460c5a299c858dc5e6e62f75fdf37c','one/second',1,'colour',5,'{"gap.colour": ["blue"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.697425',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(24,'e8e84b0dce74b3c4a402bb72247aabb5','one/second',1,'sorted',6,'{"item.beb13475": ["1"], "item.67a33335": ["3"], "item.77af778b": ["2"]}',3.33333333333333314829e-01,1.0,NULL,'2026-12-01 12:58:40.697803',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(24,'296cb08c4886058b5912eb602558d6c0','one/second',2,'sorted',6,'{"item.beb13475": ["3"], "item.67a33335": ["1"], "item.77af778b": ["2"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.698059',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(24,'caca003cce0843c2c0e908a87d920a56','two/gone',1,'last-one',9,'{"choice": ["1ea442a1"]}',0.0,1.0,NULL,'2026-12-01 12:58:40.698272',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(2,'0c90a035931c4553b95638a63763ba52','one/first',2,'capital',1,'{"choice": ["6d5809ab"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.818419',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(2,'ab930d691dbc422792cd66224e6f3a46','one/second',2,'colour',5,'{"gap.colour": ["blue"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.826724',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(27,'1bd7d777d34f430c97b2665dd60f4e1d','one/first',1,'capital',1,'{"choice": ["6d5809ab"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.872120',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(27,'5758a66f97354450859e2b8fcbf3421c','one/first',1,'comma',3,'{"choice": ["dee10f4b"]}',1.0,1.0,NULL,'2026-12-01 12:58:40.873928',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(4,'c3f1f7dba55b4ccbaa09929904c8c5a0','one/first',1,'capital',1,'{"choice": ["6d5809ab"]}',1.0,1.0,NULL,'2026-12-01 12:58:43.788078',NULL,NULL,2,0);
INSERT INTO "answer" VALUES(27,'0364c127e91841b9ac028f812ab76a8d','one/first',1,'even',11,'{"choice": ["d4735e3a"]}',0.5,2.0,NULL,'2026-12-01 12:58:43.792864',NULL,NULL,2,0);
CREATE TABLE attempt (
	learner_id INTEGER NOT NULL, 
	lesson VARCHAR(120) NOT NULL, 
	number INTEGER NOT NULL, 
	started_at DATETIME NOT NULL, 
	CONSTRAINT pk_attempt PRIMARY KEY (learner_id, lesson, number), 
	CONSTRAINT fk_attempt_learner_id_learner FOREIGN KEY(learner_id) REFERENCES learner (id) ON DELETE CASCADE
);
INSERT INTO "attempt" VALUES(1,'one/first',1,'2026-12-01 12:58:40.085552');
INSERT INTO "attempt" VALUES(1,'one/first',2,'2026-12-01 12:58:40.086718');
INSERT INTO "attempt" VALUES(1,'one/second',1,'2026-12-01 12:58:40.087803');
INSERT INTO "attempt" VALUES(1,'one/second',2,'2026-12-01 12:58:40.088097');
INSERT INTO "attempt" VALUES(1,'two/old-name',1,'2026-12-01 12:58:40.088911');
INSERT INTO "attempt" VALUES(1,'two/gone',1,'2026-12-01 12:58:40.089377');
INSERT INTO "attempt" VALUES(1,'two/gone',2,'2026-12-01 12:58:40.089609');
INSERT INTO "attempt" VALUES(2,'one/first',1,'2026-12-01 12:58:40.097359');
INSERT INTO "attempt" VALUES(2,'one/first',2,'2026-12-01 12:58:40.098827');
INSERT INTO "attempt" VALUES(2,'one/second',1,'2026-12-01 12:58:40.099216');
INSERT INTO "attempt" VALUES(2,'two/old-name',1,'2026-12-01 12:58:40.106028');
INSERT INTO "attempt" VALUES(2,'two/gone',1,'2026-12-01 12:58:40.106569');
INSERT INTO "attempt" VALUES(3,'one/first',1,'2026-12-01 12:58:40.112989');
INSERT INTO "attempt" VALUES(3,'one/first',2,'2026-12-01 12:58:40.113891');
INSERT INTO "attempt" VALUES(3,'one/second',1,'2026-12-01 12:58:40.114483');
INSERT INTO "attempt" VALUES(3,'two/old-name',1,'2026-12-01 12:58:40.114987');
INSERT INTO "attempt" VALUES(3,'two/old-name',2,'2026-12-01 12:58:40.115180');
INSERT INTO "attempt" VALUES(3,'two/gone',1,'2026-12-01 12:58:40.133222');
INSERT INTO "attempt" VALUES(4,'one/first',1,'2026-12-01 12:58:40.149817');
INSERT INTO "attempt" VALUES(4,'one/first',2,'2026-12-01 12:58:40.150452');
INSERT INTO "attempt" VALUES(4,'one/second',1,'2026-12-01 12:58:40.159764');
INSERT INTO "attempt" VALUES(4,'two/old-name',1,'2026-12-01 12:58:40.161172');
INSERT INTO "attempt" VALUES(4,'two/old-name',2,'2026-12-01 12:58:40.161741');
INSERT INTO "attempt" VALUES(5,'one/first',1,'2026-12-01 12:58:40.177438');
INSERT INTO "attempt" VALUES(5,'one/first',2,'2026-12-01 12:58:40.192959');
INSERT INTO "attempt" VALUES(5,'one/second',1,'2026-12-01 12:58:40.193308');
INSERT INTO "attempt" VALUES(5,'one/second',2,'2026-12-01 12:58:40.193792');
INSERT INTO "attempt" VALUES(5,'two/old-name',1,'2026-12-01 12:58:40.194394');
INSERT INTO "attempt" VALUES(5,'two/gone',1,'2026-12-01 12:58:40.194803');
INSERT INTO "attempt" VALUES(6,'one/first',1,'2026-12-01 12:58:40.210945');
INSERT INTO "attempt" VALUES(6,'one/second',1,'2026-12-01 12:58:40.218210');
INSERT INTO "attempt" VALUES(6,'one/second',2,'2026-12-01 12:58:40.218547');
INSERT INTO "attempt" VALUES(6,'two/old-name',1,'2026-12-01 12:58:40.218789');
INSERT INTO "attempt" VALUES(6,'two/old-name',2,'2026-12-01 12:58:40.219002');
INSERT INTO "attempt" VALUES(6,'two/gone',1,'2026-12-01 12:58:40.234940');
INSERT INTO "attempt" VALUES(6,'two/gone',2,'2026-12-01 12:58:40.239864');
INSERT INTO "attempt" VALUES(7,'one/first',1,'2026-12-01 12:58:40.304228');
INSERT INTO "attempt" VALUES(7,'one/first',2,'2026-12-01 12:58:40.305049');
INSERT INTO "attempt" VALUES(7,'one/second',1,'2026-12-01 12:58:40.306403');
INSERT INTO "attempt" VALUES(7,'two/old-name',1,'2026-12-01 12:58:40.306964');
INSERT INTO "attempt" VALUES(7,'two/gone',1,'2026-12-01 12:58:40.307174');
INSERT INTO "attempt" VALUES(8,'one/first',1,'2026-12-01 12:58:40.329433');
INSERT INTO "attempt" VALUES(8,'one/second',1,'2026-12-01 12:58:40.330541');
INSERT INTO "attempt" VALUES(8,'two/old-name',1,'2026-12-01 12:58:40.330766');
INSERT INTO "attempt" VALUES(8,'two/gone',1,'2026-12-01 12:58:40.331179');
INSERT INTO "attempt" VALUES(9,'one/first',1,'2026-12-01 12:58:40.361510');
INSERT INTO "attempt" VALUES(9,'one/second',1,'2026-12-01 12:58:40.362553');
INSERT INTO "attempt" VALUES(9,'two/old-name',1,'2026-12-01 12:58:40.363211');
INSERT INTO "attempt" VALUES(9,'two/gone',1,'2026-12-01 12:58:40.377569');
INSERT INTO "attempt" VALUES(10,'one/first',1,'2026-12-01 12:58:40.381785');
INSERT INTO "attempt" VALUES(10,'one/second',1,'2026-12-01 12:58:40.382280');
INSERT INTO "attempt" VALUES(10,'one/second',2,'2026-12-01 12:58:40.382589');
INSERT INTO "attempt" VALUES(10,'two/old-name',1,'2026-12-01 12:58:40.383129');
INSERT INTO "attempt" VALUES(10,'two/old-name',2,'2026-12-01 12:58:40.383339');
INSERT INTO "attempt" VALUES(10,'two/gone',1,'2026-12-01 12:58:40.400900');
INSERT INTO "attempt" VALUES(11,'one/first',1,'2026-12-01 12:58:40.416851');
INSERT INTO "attempt" VALUES(11,'one/first',2,'2026-12-01 12:58:40.417723');
INSERT INTO "attempt" VALUES(11,'two/old-name',1,'2026-12-01 12:58:40.418524');
INSERT INTO "attempt" VALUES(11,'two/gone',1,'2026-12-01 12:58:40.418923');
INSERT INTO "attempt" VALUES(11,'two/gone',2,'2026-12-01 12:58:40.419107');
INSERT INTO "attempt" VALUES(12,'one/first',1,'2026-12-01 12:58:40.448616');
INSERT INTO "attempt" VALUES(12,'one/first',2,'2026-12-01 12:58:40.449695');
INSERT INTO "attempt" VALUES(12,'one/second',1,'2026-12-01 12:58:40.450253');
INSERT INTO "attempt" VALUES(12,'one/second',2,'2026-12-01 12:58:40.450800');
INSERT INTO "attempt" VALUES(12,'two/old-name',1,'2026-12-01 12:58:40.450999');
INSERT INTO "attempt" VALUES(12,'two/gone',1,'2026-12-01 12:58:40.460882');
INSERT INTO "attempt" VALUES(13,'one/first',1,'2026-12-01 12:58:40.465905');
INSERT INTO "attempt" VALUES(13,'one/first',2,'2026-12-01 12:58:40.466411');
INSERT INTO "attempt" VALUES(13,'one/second',1,'2026-12-01 12:58:40.480820');
INSERT INTO "attempt" VALUES(13,'two/old-name',1,'2026-12-01 12:58:40.481697');
INSERT INTO "attempt" VALUES(13,'two/old-name',2,'2026-12-01 12:58:40.482017');
INSERT INTO "attempt" VALUES(13,'two/gone',1,'2026-12-01 12:58:40.482271');
INSERT INTO "attempt" VALUES(14,'one/first',1,'2026-12-01 12:58:40.496534');
INSERT INTO "attempt" VALUES(14,'one/second',1,'2026-12-01 12:58:40.497642');
INSERT INTO "attempt" VALUES(14,'one/second',2,'2026-12-01 12:58:40.498207');
INSERT INTO "attempt" VALUES(14,'two/old-name',1,'2026-12-01 12:58:40.498410');
INSERT INTO "attempt" VALUES(14,'two/gone',1,'2026-12-01 12:58:40.498791');
INSERT INTO "attempt" VALUES(15,'one/first',1,'2026-12-01 12:58:40.510433');
INSERT INTO "attempt" VALUES(15,'one/second',1,'2026-12-01 12:58:40.511330');
INSERT INTO "attempt" VALUES(15,'two/old-name',1,'2026-12-01 12:58:40.520753');
INSERT INTO "attempt" VALUES(15,'two/gone',1,'2026-12-01 12:58:40.525960');
INSERT INTO "attempt" VALUES(16,'one/first',1,'2026-12-01 12:58:40.536960');
INSERT INTO "attempt" VALUES(16,'one/second',1,'2026-12-01 12:58:40.538423');
INSERT INTO "attempt" VALUES(16,'two/old-name',1,'2026-12-01 12:58:40.538896');
INSERT INTO "attempt" VALUES(16,'two/gone',1,'2026-12-01 12:58:40.539084');
INSERT INTO "attempt" VALUES(17,'one/first',1,'2026-12-01 12:58:40.557634');
INSERT INTO "attempt" VALUES(17,'one/first',2,'2026-12-01 12:58:40.558109');
INSERT INTO "attempt" VALUES(17,'one/second',1,'2026-12-01 12:58:40.558980');
INSERT INTO "attempt" VALUES(17,'two/old-name',1,'2026-12-01 12:58:40.568492');
INSERT INTO "attempt" VALUES(17,'two/gone',1,'2026-12-01 12:58:40.569611');
INSERT INTO "attempt" VALUES(18,'one/first',1,'2026-12-01 12:58:40.577193');
INSERT INTO "attempt" VALUES(18,'one/second',1,'2026-12-01 12:58:40.578286');
INSERT INTO "attempt" VALUES(18,'two/old-name',1,'2026-12-01 12:58:40.578814');
INSERT INTO "attempt" VALUES(18,'two/old-name',2,'2026-12-01 12:58:40.579062');
INSERT INTO "attempt" VALUES(18,'two/gone',1,'2026-12-01 12:58:40.579264');
INSERT INTO "attempt" VALUES(19,'one/first',1,'2026-12-01 12:58:40.597805');
INSERT INTO "attempt" VALUES(19,'one/first',2,'2026-12-01 12:58:40.598357');
INSERT INTO "attempt" VALUES(19,'one/second',1,'2026-12-01 12:58:40.599118');
INSERT INTO "attempt" VALUES(19,'two/old-name',1,'2026-12-01 12:58:40.603969');
INSERT INTO "attempt" VALUES(19,'two/gone',1,'2026-12-01 12:58:40.604431');
INSERT INTO "attempt" VALUES(20,'one/first',1,'2026-12-01 12:58:40.613186');
INSERT INTO "attempt" VALUES(20,'one/first',2,'2026-12-01 12:58:40.613642');
INSERT INTO "attempt" VALUES(20,'one/second',1,'2026-12-01 12:58:40.614538');
INSERT INTO "attempt" VALUES(20,'two/gone',1,'2026-12-01 12:58:40.615103');
INSERT INTO "attempt" VALUES(21,'one/first',1,'2026-12-01 12:58:40.629538');
INSERT INTO "attempt" VALUES(21,'one/first',2,'2026-12-01 12:58:40.630960');
INSERT INTO "attempt" VALUES(21,'one/second',1,'2026-12-01 12:58:40.631202');
INSERT INTO "attempt" VALUES(21,'one/second',2,'2026-12-01 12:58:40.643873');
INSERT INTO "attempt" VALUES(21,'two/old-name',1,'2026-12-01 12:58:40.645265');
INSERT INTO "attempt" VALUES(22,'one/first',1,'2026-12-01 12:58:40.661416');
INSERT INTO "attempt" VALUES(22,'one/second',1,'2026-12-01 12:58:40.662638');
INSERT INTO "attempt" VALUES(22,'two/old-name',1,'2026-12-01 12:58:40.663208');
INSERT INTO "attempt" VALUES(23,'one/first',1,'2026-12-01 12:58:40.673419');
INSERT INTO "attempt" VALUES(23,'one/first',2,'2026-12-01 12:58:40.674287');
INSERT INTO "attempt" VALUES(23,'one/second',1,'2026-12-01 12:58:40.674626');
INSERT INTO "attempt" VALUES(23,'one/second',2,'2026-12-01 12:58:40.674904');
INSERT INTO "attempt" VALUES(23,'two/old-name',1,'2026-12-01 12:58:40.675128');
INSERT INTO "attempt" VALUES(23,'two/gone',1,'2026-12-01 12:58:40.684006');
INSERT INTO "attempt" VALUES(23,'two/gone',2,'2026-12-01 12:58:40.684481');
INSERT INTO "attempt" VALUES(24,'one/first',1,'2026-12-01 12:58:40.696301');
INSERT INTO "attempt" VALUES(24,'one/second',1,'2026-12-01 12:58:40.697425');
INSERT INTO "attempt" VALUES(24,'one/second',2,'2026-12-01 12:58:40.698059');
INSERT INTO "attempt" VALUES(24,'two/gone',1,'2026-12-01 12:58:40.698272');
INSERT INTO "attempt" VALUES(2,'one/second',2,'2026-12-01 12:58:40.826724');
INSERT INTO "attempt" VALUES(27,'one/first',1,'2026-12-01 12:58:40.872120');
CREATE TABLE decision (
	id INTEGER NOT NULL, 
	publication INTEGER NOT NULL, 
	question VARCHAR(120) NOT NULL, 
	old VARCHAR(16) NOT NULL, 
	new VARCHAR(16) NOT NULL, 
	decision VARCHAR(10) NOT NULL, 
	reason TEXT NOT NULL, closed_at DATETIME, 
	CONSTRAINT pk_decision PRIMARY KEY (id), 
	CONSTRAINT fk_decision_publication_publication FOREIGN KEY(publication) REFERENCES publication (number), 
	CONSTRAINT uq_decision_publication_question_old UNIQUE (publication, question, old)
);
INSERT INTO "decision" VALUES(1,2,'capital','88f0a8e47e4d4a58','66ca0d03d00e7847','regrade','The capital was wrong.',NULL);
INSERT INTO "decision" VALUES(2,2,'even','6551819cdda07471','7e9ae8cddbe8d686','void','The even was wrong.',NULL);
INSERT INTO "decision" VALUES(3,2,'sorted','18a9c5701e790bef','a72b728901d4972a','keep','The sorted was wrong.',NULL);
CREATE TABLE granted_completion (
	learner_id INTEGER NOT NULL, 
	lesson VARCHAR(120) NOT NULL, 
	completed_at DATETIME NOT NULL, 
	reason VARCHAR(20) NOT NULL, 
	granted_at DATETIME NOT NULL, 
	CONSTRAINT pk_granted_completion PRIMARY KEY (learner_id, lesson), 
	CONSTRAINT fk_granted_completion_learner_id_learner FOREIGN KEY(learner_id) REFERENCES learner (id) ON DELETE CASCADE
);
CREATE TABLE learner (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	created_at DATETIME NOT NULL, 
	merged_into INTEGER, seed VARCHAR(16) DEFAULT '' NOT NULL, 
	CONSTRAINT fk_learner_merged_into_learner FOREIGN KEY(merged_into) REFERENCES learner (id) ON DELETE CASCADE
);
INSERT INTO "learner" VALUES(1,'2026-12-01 12:58:40.061878',NULL,'a9a77afd');
INSERT INTO "learner" VALUES(2,'2026-12-01 12:58:40.095381',NULL,'e4ff4175');
INSERT INTO "learner" VALUES(3,'2026-12-01 12:58:40.112252',NULL,'7069c260');
INSERT INTO "learner" VALUES(4,'2026-12-01 12:58:40.148776',NULL,'5f44de9e');
INSERT INTO "learner" VALUES(5,'2026-12-01 12:58:40.176558',NULL,'4f2bdcf7');
INSERT INTO "learner" VALUES(6,'2026-12-01 12:58:40.209977',NULL,'da3cc268');
INSERT INTO "learner" VALUES(7,'2026-12-01 12:58:40.303209',NULL,'3a0a7c42');
INSERT INTO "learner" VALUES(8,'2026-12-01 12:58:40.328551',NULL,'01ca2108');
INSERT INTO "learner" VALUES(9,'2026-12-01 12:58:40.360584',NULL,'5e101c76');
INSERT INTO "learner" VALUES(10,'2026-12-01 12:58:40.380927',NULL,'fb4576a9');
INSERT INTO "learner" VALUES(11,'2026-12-01 12:58:40.415931',NULL,'fc545e05');
INSERT INTO "learner" VALUES(12,'2026-12-01 12:58:40.435544',NULL,'d15a2523');
INSERT INTO "learner" VALUES(13,'2026-12-01 12:58:40.465069',NULL,'af71783c');
INSERT INTO "learner" VALUES(14,'2026-12-01 12:58:40.495625',NULL,'87e99c6a');
INSERT INTO "learner" VALUES(15,'2026-12-01 12:58:40.509625',NULL,'858f101f');
INSERT INTO "learner" VALUES(16,'2026-12-01 12:58:40.536024',NULL,'96b6a1db');
INSERT INTO "learner" VALUES(17,'2026-12-01 12:58:40.556672',NULL,'abc14964');
INSERT INTO "learner" VALUES(18,'2026-12-01 12:58:40.576421',NULL,'c70d3680');
INSERT INTO "learner" VALUES(19,'2026-12-01 12:58:40.596859',NULL,'2d1afe36');
INSERT INTO "learner" VALUES(20,'2026-12-01 12:58:40.612364',NULL,'acc2822c');
INSERT INTO "learner" VALUES(21,'2026-12-01 12:58:40.628594',NULL,'5fe731e7');
INSERT INTO "learner" VALUES(22,'2026-12-01 12:58:40.660492',NULL,'4392c8c0');
INSERT INTO "learner" VALUES(23,'2026-12-01 12:58:40.672659',NULL,'f4c7bfd6');
INSERT INTO "learner" VALUES(24,'2026-12-01 12:58:40.695432',NULL,'92f2ec8c');
INSERT INTO "learner" VALUES(25,'2026-12-01 12:58:40.779721',NULL,'b2fbff2d');
INSERT INTO "learner" VALUES(26,'2026-12-01 12:58:40.801114',2,'5eed5eed');
INSERT INTO "learner" VALUES(27,'2026-12-01 12:58:40.865673',NULL,'f9920b71');
CREATE TABLE lesson_figures (
	lesson VARCHAR(120) NOT NULL, 
	counted_at DATETIME NOT NULL, 
	took DOUBLE NOT NULL, 
	revisions JSON NOT NULL, 
	learners INTEGER NOT NULL, 
	look_at JSON NOT NULL, 
	figures JSON NOT NULL, 
	CONSTRAINT pk_lesson_figures PRIMARY KEY (lesson)
);
INSERT INTO "lesson_figures" VALUES('one/first','2026-12-01 12:58:45.694781',4.1214460999981383793e-02,'{"capital": "66ca0d03d00e7847", "even": "7e9ae8cddbe8d686", "comma": "2f29dd76b00c9cf4"}',25,'{"capital": "", "even": "", "comma": ""}','{"figures": [{"question": "capital", "revision": "66ca0d03d00e7847", "published_at": "2026-12-01T12:58:43.324828Z", "n": 0, "facility": {"n": 0, "needs": 10, "value": null, "low": null, "high": null, "why": "too few (0 of 10)"}, "discrimination": {"n": 0, "needs": 30, "value": null, "low": null, "high": null, "why": "too few (0 of 30)"}, "parts": [{"text": "", "options": [{"text": "Sydney", "right": false, "count": 0, "share": {"n": 0, "needs": 10, "value": null, "low": null, "high": null, "why": "too few (0 of 10)"}, "rest": null}, {"text": "Canberra", "right": true, "count": 0, "share": {"n": 0, "needs": 10, "value": null, "low": null, "high": null, "why": "too few (0 of 10)"}, "rest": null}, {"text": "Melbourne", "right": false, "count": 0, "share": {"n": 0, "needs": 10, "value": null, "low": null, "high": null, "why": "too few (0 of 10)"}, "rest": null}], "right": null}], "typed": [], "seconds": {"n": 0, "needs": 10, "value": null, "low": null, "high": null, "why": "too few (0 of 10)"}, "content": {"type": "single", "id": "capital", "objective": "know", "prompt": "What is the capital of Australia?", "explanation": "Canberra was founded to be the capital.", "options": [{"text": "Sydney", "feedback": "The largest city."}, {"text": "Canberra", "correct": true, "feedback": "Built for it."}, {"text": "Melbourne", "feedback": "It was until 1927."}]}}, {"question": "capital", "revision": "88f0a8e47e4d4a58", "published_at": "2026-12-01T12:58:39.629400Z", "n": 22, "facility": {"n": 22, "needs": 10, "value": 0.6818181818181818, "low": 0.4731859774104276, "high": 0.8363940681864375, "why": ""}, "discrimination": {"n": 15, "needs": 30, "value": null, "low": null, "high": null, "why": "too few (15 of 30)"}, "parts": [{"text": "", "options": [{"text": "Sydney", "right": true, "count": 15, "share": {"n": 22, "needs": 10, "value": 0.6818181818181818, "low": 0.4731859774104276, "high": 0.8363940681864375, "why": ""}, "rest": -0.035714285714285705}, {"text": "Canberra", "right": false, "count": 4, "share": {"n": 22, "needs": 10, "value": 0.18181818181818182, "low": 0.07306884583422057, "high": 0.3851660743712655, "why": ""}, "rest": 0.11706349206349204}, {"text": "Melbourne", "right": false, "count": 3, "share": {"n": 22, "needs": 10, "value": 0.13636363636363635, "low": 0.04749003714055253, "high": 0.33334987166571717, "why": ""}, "rest": -0.3273809523809524}], "right": null}], "typed": [], "seconds": {"n": 0, "needs": 10, "value": null, "low": null, "high": null, "why": "too few (0 of 10)"}, "content": {"type": "single", "id": "capital", "objective": "know", "prompt": "What is the capital of Australia?", "explanation": "Canberra was founded to be the capital.", "options": [{"text": "Sydney", "correct": true, "feedback": "The largest city."}, {"text": "Canberra", "feedback": "Built for it."}, {"text": "Melbourne", "feedback": "It was until 1927."}]}}, {"question": "even", "revision": "7e9ae8cddbe8d686", "published_at": "2026-12-01T12:58:43.324828Z", "n": 1, "facility": {"n": 1, "needs": 10, "value": null, "low": null, "high": null, "why": "too few (1 of 10)"}, "discrimination": {"n": 1, "needs": 30, "value": null, "low": null, "high": null, "why": "too few (1 of 30)"}, "parts": [{"text": "", "options": [{"text": "2", "right": true, "count": 1, "share": {"n": 1, "needs": 10, "value": null, "low": null, "high": null, "why": "too few (1 of 10)"}, "rest": 0.20670995670995673}, {"text": "4", "right": true, "count": 0, "share": {"n": 1, "needs": 10, "value": null, "low": null, "high": null, "why": "too few (1 of 10)"}, "rest": null}, {"text": "5", "right": false, "count": 0, "share": {"n": 1, "needs": 10, "value": null, "low": null, "high": null, "why": "too few (1 of 10)"}, "rest": null}], "right": null}], "typed": [], "seconds": {"n": 0, "needs": 10, "value": null, "low": null, "high": null, "why": "too few (0 of 10)"}, "content": {"type": "multiple", "id": "even", "objective": "know", "prompt": "Which are even? Choose all that apply.", "explanation": "Even numbers halve.", "points": 2.0, "options": [{"text": "2", "correct": true}, {"text": "4", "correct": true}, {"text": "5"}]}}, {"question": "even", "revision": "6551819cdda07471", "published_at": "2026-12-01T12:58:39.629400Z", "n": 16, "facility": {"n": 16, "needs": 10, "value": 0.4166666666666667, "low": 0.21527425670431313, "high": 0.6503270233847598, "why": ""}, "discrimination": {"n": 14, "needs": 30, "value": null, "low": null, "high": null, "why": "too few (14 of 30)"}, "parts": [{"text": "", "options": [{"text": "2", "right": true, "count": 10, "share": {"n": 16, "needs": 10, "value": 0.625, "low": 0.38641040545502725, "high": 0.8151876744113637, "why": ""}, "rest": -0.04329004329004327}, {"text": "4", "right": true, "count": 9, "share": {"n": 16, "needs": 10, "value": 0.5625, "low": 0.33178556398811904, "high": 0.7690134759450764, "why": ""}, "rest": -0.10579004329004327}, {"text": "zero", "right": true, "count": 10, "share": {"n": 16, "needs": 10, "value": 0.625, "low": 0.38641040545502725, "high": 0.8151876744113637, "why": ""}, "rest": -0.01551226551226549}, {"text": "5", "right": false, "count": 9, "share": {"n": 16, "needs": 10, "value": 0.5625, "low": 0.33178556398811904, "high": 0.7690134759450764, "why": ""}, "rest": 0.019209956709956733}], "right": null}], "typed": [], "seconds": {"n": 0, "needs": 10, "value": null, "low": null, "high": null, "why": "too few (0 of 10)"}, "content": {"type": "multiple", "id": "even", "objective": "know", "prompt": "Which are even? Choose all that apply.", "explanation": "Even numbers halve.", "points": 2.0, "options": [{"text": "2", "correct": true}, {"text": "4", "correct": true}, {"text": "zero", "correct": true}, {"text": "5"}]}}, {"question": "comma", "revision": "2f29dd76b00c9cf4", "published_at": "2026-12-01T12:58:43.324828Z", "n": 0, "facility": {"n": 0, "needs": 10, "value": null, "low": null, "high": null, "why": "too few (0 of 10)"}, "discrimination": {"n": 0, "needs": 30, "value": null, "low": null, "high": null, "why": "too few (0 of 30)"}, "parts": [{"text": "", "options": [{"text": "An umbrella", "right": true, "count": 0, "share": {"n": 0, "needs": 10, "value": null, "low": null, "high": null, "why": "too few (0 of 10)"}, "rest": null}, {"text": "A spoon", "right": false, "count": 0, "share": {"n": 0, "needs": 10, "value": null, "low": null, "high": null, "why": "too few (0 of 10)"}, "rest": null}], "right": null}], "typed": [], "seconds": {"n": 0, "needs": 10, "value": null, "low": null, "high": null, "why": "too few (0 of 10)"}, "content": {"type": "single", "id": "comma", "objective": "know", "prompt": "If it rains, what do you take?", "explanation": "It keeps you dry.", "options": [{"text": "An umbrella", "correct": true}, {"text": "A spoon"}]}}, {"question": "comma", "revision": "6a3a8f64a1dd62e0", "published_at": "2026-12-01T12:58:39.629400Z", "n": 21, "facility": {"n": 21, "needs": 10, "value": 0.9047619047619048, "low": 0.7108586092608176, "high": 0.9734812325619255, "why": ""}, "discrimination": {"n": 15, "needs": 30, "value": null, "low": null, "high": null, "why": "too few (15 of 30)"}, "parts": [{"text": "", "options": [{"text": "An umbrella", "right": true, "count": 19, "share": {"n": 21, "needs": 10, "value": 0.9047619047619048, "low": 0.7108586092608176, "high": 0.9734812325619255, "why": ""}, "rest": 0.03088578088578091}, {"text": "A spoon", "right": false, "count": 2, "share": {"n": 21, "needs": 10, "value": 0.09523809523809523, "low": 0.02651876743807452, "high": 0.2891413907391825, "why": ""}, "rest": -0.0492424242424242}], "right": null}], "typed": [], "seconds": {"n": 0, "needs": 10, "value": null, "low": null, "high": null, "why": "too few (0 of 10)"}, "content": {"type": "single", "id": "comma", "objective": "know", "prompt": "If it rains what do you take?", "explanation": "It keeps you dry.", "options": [{"text": "An umbrella", "correct": true}, {"text": "A spoon"}]}}]}');
INSERT INTO "lesson_figures" VALUES('one/second','2026-12-01 12:58:45.748309',1.42130490003182785585e-02,'{"colour": "07aefe012cdaf70a", "sorted": "a72b728901d4972a", "wander": "2bb73ff7a7763e89"}',24,'{"colour": "", "sorted": "", "wander": ""}','{"figures": [{"question": "colour", "revision": "07aefe012cdaf70a", "published_at": "2026-12-01T12:58:39.629400Z", "n": 20, "facility": {"n": 20, "needs": 10, "value": 0.75, "low": 0.531299122381256, "high": 0.8881382985923343, "why": ""}, "discrimination": {"n": 11, "needs": 30, "value": null, "low": null, "high": null, "why": "too few (11 of 30)"}, "parts": [], "typed": [{"gap": "", "text": "grey", "count": 5}], "seconds": {"n": 0, "needs": 10, "value": null, "low": null, "high": null, "why": "too few (0 of 10)"}, "content": {"type": "blank", "id": "colour", "objective": "know", "prompt": "The clear sky is [[colour]].", "explanation": "Blue light scatters most.", "blanks": {"colour": {"accept": ["blue"]}}}}, {"question": "sorted", "revision": "a72b728901d4972a", "published_at": "2026-12-01T12:58:43.324828Z", "n": 0, "facility": {"n": 0, "needs": 10, "value": null, "low": null, "high": null, "why": "too few (0 of 10)"}, "discrimination": {"n": 0, "needs": 30, "value": null, "low": null, "high": null, "why": "too few (0 of 30)"}, "parts": [{"text": "ant", "options": [{"text": "1", "right": true, "count": 0, "share": {"n": 0, "needs": 10, "value": null, "low": null, "high": null, "why": "too few (0 of 10)"}, "rest": null}, {"text": "2", "right": false, "count": 0, "share": {"n": 0, "needs": 10, "value": null, "low": null, "high": null, "why": "too few (0 of 10)"}, "rest": null}, {"text": "3", "right": false, "count": 0, "share": {"n": 0, "needs": 10, "value": null, "low": null, "high": null, "why": "too few (0 of 10)"}, "rest": null}], "right": {"n": 0, "needs": 10, "value": null, "low": null, "high": null, "why": "too few (0 of 10)"}}, {"text": "cat", "options": [{"text": "1", "right": false, "count": 0, "share": {"n": 0, "needs": 10, "value": null, "low": null, "high": null, "why": "too few (0 of 10)"}, "rest": null}, {"text": "2", "right": true, "count": 0, "share": {"n": 0, "needs": 10, "value": null, "low": null, "high": null, "why": "too few (0 of 10)"}, "rest": null}, {"text": "3", "right": false, "count": 0, "share": {"n": 0, "needs": 10, "value": null, "low": null, "high": null, "why": "too few (0 of 10)"}, "rest": null}], "right": {"n": 0, "needs": 10, "value": null, "low": null, "high": null, "why": "too few (0 of 10)"}}, {"text": "cow", "options": [{"text": "1", "right": false, "count": 0, "share": {"n": 0, "needs": 10, "value": null, "low": null, "high": null, "why": "too few (0 of 10)"}, "rest": null}, {"text": "2", "right": false, "count": 0, "share": {"n": 0, "needs": 10, "value": null, "low": null, "high": null, "why": "too few (0 of 10)"}, "rest": null}, {"text": "3", "right": true, "count": 0, "share": {"n": 0, "needs": 10, "value": null, "low": null, "high": null, "why": "too few (0 of 10)"}, "rest": null}], "right": {"n": 0, "needs": 10, "value": null, "low": null, "high": null, "why": "too few (0 of 10)"}}], "typed": [], "seconds": {"n": 0, "needs": 10, "value": null, "low": null, "high": null, "why": "too few (0 of 10)"}, "content": {"type": "order", "id": "sorted", "objective": "know", "prompt": "From small to large.", "explanation": "By weight.", "points": 2.0, "items": [{"text": "ant"}, {"text": "cat"}, {"text": "cow"}]}}, {"question": "sorted", "revision": "18a9c5701e790bef", "published_at": "2026-12-01T12:58:39.629400Z", "n": 22, "facility": {"n": 22, "needs": 10, "value": 0.6666666666666666, "low": 0.4584562406457567, "high": 0.8253254678180364, "why": ""}, "discrimination": {"n": 11, "needs": 30, "value": null, "low": null, "high": null, "why": "too few (11 of 30)"}, "parts": [{"text": "ant", "options": [{"text": "1", "right": true, "count": 15, "share": {"n": 22, "needs": 10, "value": 0.6818181818181818, "low": 0.4731859774104276, "high": 0.8363940681864375, "why": ""}, "rest": -0.041666666666666644}, {"text": "2", "right": false, "count": 3, "share": {"n": 22, "needs": 10, "value": 0.13636363636363635, "low": 0.04749003714055253, "high": 0.33334987166571717, "why": ""}, "rest": -0.49166666666666664}, {"text": "3", "right": false, "count": 4, "share": {"n": 22, "needs": 10, "value": 0.18181818181818182, "low": 0.07306884583422057, "high": 0.3851660743712655, "why": ""}, "rest": 0.13333333333333336}], "right": {"n": 22, "needs": 10, "value": 0.6818181818181818, "low": 0.4731859774104276, "high": 0.8363940681864375, "why": ""}}, {"text": "cat", "options": [{"text": "1", "right": false, "count": 3, "share": {"n": 22, "needs": 10, "value": 0.13636363636363635, "low": 0.04749003714055253, "high": 0.33334987166571717, "why": ""}, "rest": -0.24166666666666667}, {"text": "2", "right": true, "count": 15, "share": {"n": 22, "needs": 10, "value": 0.6818181818181818, "low": 0.4731859774104276, "high": 0.8363940681864375, "why": ""}, "rest": -0.027380952380952363}, {"text": "3", "right": false, "count": 4, "share": {"n": 22, "needs": 10, "value": 0.18181818181818182, "low": 0.07306884583422057, "high": 0.3851660743712655, "why": ""}, "rest": 0.008333333333333387}], "right": {"n": 22, "needs": 10, "value": 0.6818181818181818, "low": 0.4731859774104276, "high": 0.8363940681864375, "why": ""}}, {"text": "cow", "options": [{"text": "1", "right": false, "count": 4, "share": {"n": 22, "needs": 10, "value": 0.18181818181818182, "low": 0.07306884583422057, "high": 0.3851660743712655, "why": ""}, "rest": 0.00833333333333336}, {"text": "2", "right": false, "count": 4, "share": {"n": 22, "needs": 10, "value": 0.18181818181818182, "low": 0.07306884583422057, "high": 0.3851660743712655, "why": ""}, "rest": 0.25833333333333336}, {"text": "3", "right": true, "count": 14, "share": {"n": 22, "needs": 10, "value": 0.6363636363636364, "low": 0.42951708090131013, "high": 0.8026679532963387, "why": ""}, "rest": -0.24166666666666664}], "right": {"n": 22, "needs": 10, "value": 0.6363636363636364, "low": 0.42951708090131013, "high": 0.8026679532963387, "why": ""}}], "typed": [], "seconds": {"n": 0, "needs": 10, "value": null, "low": null, "high": null, "why": "too few (0 of 10)"}, "content": {"type": "order", "id": "sorted", "objective": "know", "prompt": "From small to large.", "explanation": "By weight.", "items": [{"text": "ant"}, {"text": "cat"}, {"text": "cow"}]}}, {"question": "wander", "revision": "2bb73ff7a7763e89", "published_at": "2026-12-01T12:58:39.629400Z", "n": 15, "facility": {"n": 15, "needs": 10, "value": 0.7333333333333333, "low": 0.48049565944019434, "high": 0.8910254667430761, "why": ""}, "discrimination": {"n": 11, "needs": 30, "value": null, "low": null, "high": null, "why": "too few (11 of 30)"}, "parts": [], "typed": [{"gap": "", "text": "5", "count": 4}], "seconds": {"n": 0, "needs": 10, "value": null, "low": null, "high": null, "why": "too few (0 of 10)"}, "content": {"type": "numeric", "id": "wander", "objective": "know", "prompt": "How many days has a week?", "explanation": "Seven.", "answer": 7.0}}]}');
INSERT INTO "lesson_figures" VALUES('two/old-name','2026-12-01 12:58:45.768167',1.38208439998379617463e-02,'{"sum": "9855b832af96ff71", "why": "a43ce0abe72bc3f0"}',22,'{"sum": "", "why": ""}','{"figures": [{"question": "sum", "revision": "9855b832af96ff71", "published_at": "2026-12-01T12:58:39.629400Z", "n": 16, "facility": {"n": 16, "needs": 10, "value": 1.0, "low": 0.8063923194655636, "high": 1.0, "why": ""}, "discrimination": {"n": 0, "needs": 30, "value": null, "low": null, "high": null, "why": "the lesson asks fewer than 2 other scored questions"}, "parts": [{"text": "", "options": [{"text": "Two", "right": true, "count": 16, "share": {"n": 16, "needs": 10, "value": 1.0, "low": 0.8063923194655636, "high": 1.0, "why": ""}, "rest": null}, {"text": "Three", "right": false, "count": 0, "share": {"n": 16, "needs": 10, "value": 0.0, "low": 0.0, "high": 0.19360768053443644, "why": ""}, "rest": null}], "right": null}], "typed": [], "seconds": {"n": 0, "needs": 10, "value": null, "low": null, "high": null, "why": "too few (0 of 10)"}, "content": {"type": "single", "id": "sum", "objective": "know", "prompt": "One plus one?", "explanation": "Add them.", "options": [{"text": "Two", "correct": true}, {"text": "Three"}]}}, {"question": "sum", "revision": "dd34d9bdc1542785", "published_at": "2026-12-01T12:58:44.642702Z", "n": 0, "facility": {"n": 0, "needs": 10, "value": null, "low": null, "high": null, "why": "too few (0 of 10)"}, "discrimination": {"n": 0, "needs": 30, "value": null, "low": null, "high": null, "why": "the lesson asks fewer than 2 other scored questions"}, "parts": [{"text": "", "options": [{"text": "Two", "right": false, "count": 0, "share": {"n": 0, "needs": 10, "value": null, "low": null, "high": null, "why": "too few (0 of 10)"}, "rest": null}, {"text": "Three", "right": true, "count": 0, "share": {"n": 0, "needs": 10, "value": null, "low": null, "high": null, "why": "too few (0 of 10)"}, "rest": null}], "right": null}], "typed": [], "seconds": {"n": 0, "needs": 10, "value": null, "low": null, "high": null, "why": "too few (0 of 10)"}, "content": {"type": "single", "id": "sum", "objective": "know", "prompt": "One plus one?", "explanation": "Add them.", "options": [{"text": "Two"}, {"text": "Three", "correct": true}]}}, {"question": "why", "revision": "a43ce0abe72bc3f0", "published_at": "2026-12-01T12:58:39.629400Z", "n": 21, "facility": null, "discrimination": null, "parts": [], "typed": [], "seconds": {"n": 0, "needs": 10, "value": null, "low": null, "high": null, "why": "too few (0 of 10)"}, "content": {"type": "text", "id": "why", "objective": "know", "prompt": "Say why you learn.", "explanation": "Reasons help.", "checklist": ["It gives a reason"]}}]}');
CREATE TABLE lesson_revision (
	id INTEGER NOT NULL, 
	lesson VARCHAR(120) NOT NULL, 
	number INTEGER NOT NULL, 
	rule JSON NOT NULL, 
	published_at DATETIME NOT NULL, 
	CONSTRAINT pk_lesson_revision PRIMARY KEY (id), 
	CONSTRAINT uq_lesson_revision_lesson_number UNIQUE (lesson, number)
);
INSERT INTO "lesson_revision" VALUES(1,'one/first',1,'{"title": "First", "questions": {"capital": 1.0, "even": 2.0, "comma": 1.0, "wander": 1.0}, "pass_mark": 0.7}','2026-12-01 12:58:39.629400');
INSERT INTO "lesson_revision" VALUES(2,'one/second',1,'{"title": "Second", "questions": {"colour": 1.0, "sorted": 1.0}, "pass_mark": 0.6}','2026-12-01 12:58:39.629400');
INSERT INTO "lesson_revision" VALUES(3,'two/old-name',1,'{"title": "Old name", "questions": {"sum": 1.0, "why": 0.0}, "pass_mark": 0.5}','2026-12-01 12:58:39.629400');
INSERT INTO "lesson_revision" VALUES(4,'two/gone',1,'{"title": "Gone", "questions": {"last-one": 1.0}, "pass_mark": 0.5}','2026-12-01 12:58:39.629400');
INSERT INTO "lesson_revision" VALUES(5,'one/first',2,'{"title": "First", "questions": {"capital": 1.0, "even": 2.0, "comma": 1.0}, "pass_mark": 0.7}','2026-12-01 12:58:43.324828');
INSERT INTO "lesson_revision" VALUES(6,'one/second',2,'{"title": "Second", "questions": {"colour": 1.0, "sorted": 2.0, "wander": 1.0}, "pass_mark": 0.6}','2026-12-01 12:58:43.324828');
CREATE TABLE lesson_visit (
	learner_id INTEGER NOT NULL, 
	lesson VARCHAR(120) NOT NULL, 
	first_at DATETIME NOT NULL, 
	last_at DATETIME NOT NULL, 
	read_at DATETIME, 
	CONSTRAINT pk_lesson_visit PRIMARY KEY (learner_id, lesson), 
	CONSTRAINT fk_lesson_visit_learner_id_learner FOREIGN KEY(learner_id) REFERENCES learner (id) ON DELETE CASCADE
);
INSERT INTO "lesson_visit" VALUES(1,'one/first','2026-12-01 12:58:40.732826','2026-12-01 12:58:40.718463',NULL);
INSERT INTO "lesson_visit" VALUES(2,'one/first','2026-12-01 12:58:40.749387','2026-12-01 12:58:40.748766',NULL);
INSERT INTO "lesson_visit" VALUES(3,'one/first','2026-12-01 12:58:40.759257','2026-12-01 12:58:40.758811',NULL);
INSERT INTO "lesson_visit" VALUES(4,'one/first','2026-12-01 12:58:40.761528','2026-12-01 12:58:40.761225',NULL);
INSERT INTO "lesson_visit" VALUES(5,'one/first','2026-12-01 12:58:40.763229','2026-12-01 12:58:40.762993',NULL);
INSERT INTO "lesson_visit" VALUES(6,'one/first','2026-12-01 12:58:40.773573','2026-12-01 12:58:40.773271',NULL);
INSERT INTO "lesson_visit" VALUES(1,'one/second','2026-12-01 12:58:40.774045','2026-12-01 12:58:40.774046','2026-12-01 12:58:40.774124');
CREATE TABLE mail_token (
	id INTEGER NOT NULL, 
	token_hash VARCHAR(64) NOT NULL, 
	purpose VARCHAR(20) NOT NULL, 
	mail VARCHAR(254) NOT NULL, 
	learner_id INTEGER, 
	password_hash VARCHAR(255), 
	created_at DATETIME NOT NULL, 
	expires_at DATETIME NOT NULL, 
	used_at DATETIME, 
	CONSTRAINT pk_mail_token PRIMARY KEY (id), 
	CONSTRAINT fk_mail_token_learner_id_learner FOREIGN KEY(learner_id) REFERENCES learner (id) ON DELETE CASCADE, 
	CONSTRAINT uq_mail_token_token_hash UNIQUE (token_hash)
);
INSERT INTO "mail_token" VALUES(1,'0eb69878dc40cfddc64b55e40da24b1b9ac36c3037a526118e70f3e5960bc3b1','reset','learner1@example.org',2,NULL,'2026-12-01 12:58:40.795024','2026-12-01 13:58:40.795024',NULL);
INSERT INTO "mail_token" VALUES(2,'3374c66bc1002b60191de5323f795aba4330d6a537a30ff1fd02695987b4d4fa','sign-in','learner2@example.org',NULL,NULL,'2026-12-01 12:58:40.800280','2026-12-01 13:18:40.800280',NULL);
CREATE TABLE mark (
	learner_id INTEGER NOT NULL, 
	client_id CHAR(32) NOT NULL, 
	decision_id INTEGER NOT NULL, 
	share DOUBLE, 
	out_of DOUBLE, 
	marked_at DATETIME NOT NULL, 
	CONSTRAINT pk_mark PRIMARY KEY (learner_id, client_id, decision_id), 
	CONSTRAINT fk_mark_decision_id_decision FOREIGN KEY(decision_id) REFERENCES decision (id), 
	CONSTRAINT fk_mark_learner_id_client_id_answer FOREIGN KEY(learner_id, client_id) REFERENCES answer (learner_id, client_id) ON DELETE CASCADE ON UPDATE CASCADE
);
INSERT INTO "mark" VALUES(1,'a6a3a4506513270e269e0d37f2a74de4',1,0.0,1.0,'2026-12-01 12:58:43.324828');
INSERT INTO "mark" VALUES(2,'eeeacbe226e875555790f82ec1d3fcff',1,0.0,1.0,'2026-12-01 12:58:43.324828');
INSERT INTO "mark" VALUES(3,'1df9fd789c6539382b0537e65affb229',1,0.0,1.0,'2026-12-01 12:58:43.324828');
INSERT INTO "mark" VALUES(5,'2ac34446e883a1d45de0099784b5a818',1,0.0,1.0,'2026-12-01 12:58:43.324828');
INSERT INTO "mark" VALUES(6,'f26149edbe4c5ce666c1494e7691b06f',1,0.0,1.0,'2026-12-01 12:58:43.324828');
INSERT INTO "mark" VALUES(7,'8e752fdf1ece615db9a6442e9e7d6b37',1,0.0,1.0,'2026-12-01 12:58:43.324828');
INSERT INTO "mark" VALUES(8,'fe7b8ae46e7836a4b4d19ec12955d6f0',1,1.0,1.0,'2026-12-01 12:58:43.324828');
INSERT INTO "mark" VALUES(11,'aa4c5c6015a0cce60e2ec40a29ca862d',1,1.0,1.0,'2026-12-01 12:58:43.324828');
INSERT INTO "mark" VALUES(12,'264337987e834904fc173498b87e4e2b',1,0.0,1.0,'2026-12-01 12:58:43.324828');
INSERT INTO "mark" VALUES(16,'51bcd77a1751f5798e4dc3a3578a60d8',1,0.0,1.0,'2026-12-01 12:58:43.324828');
INSERT INTO "mark" VALUES(17,'72ee6a2ef8e4cb5c77d8c569daff9a0b',1,0.0,1.0,'2026-12-01 12:58:43.324828');
INSERT INTO "mark" VALUES(17,'26edf1bd27855798394afbe91bea705e',1,1.0,1.0,'2026-12-01 12:58:43.324828');
INSERT INTO "mark" VALUES(18,'0e28b64f4eb19fcaa64f7613b4642ea4',1,0.0,1.0,'2026-12-01 12:58:43.324828');
INSERT INTO "mark" VALUES(19,'b5b94af30d456be06a56aac3245448c8',1,0.0,1.0,'2026-12-01 12:58:43.324828');
INSERT INTO "mark" VALUES(19,'b647e8a8e5ee4c91731bbc4164b0bb14',1,1.0,1.0,'2026-12-01 12:58:43.324828');
INSERT INTO "mark" VALUES(20,'52c4641b316a2a127243d47ceb64c5c4',1,0.0,1.0,'2026-12-01 12:58:43.324828');
INSERT INTO "mark" VALUES(20,'a1b49bf707c0909c797b1538e5a15b79',1,0.0,1.0,'2026-12-01 12:58:43.324828');
INSERT INTO "mark" VALUES(21,'6e106c0ee9de047940449aa0ca304218',1,1.0,1.0,'2026-12-01 12:58:43.324828');
INSERT INTO "mark" VALUES(22,'4485c04f911f52dc47868e4a4b354e93',1,0.0,1.0,'2026-12-01 12:58:43.324828');
INSERT INTO "mark" VALUES(23,'72f920262d819d38ddba8547833e469f',1,1.0,1.0,'2026-12-01 12:58:43.324828');
INSERT INTO "mark" VALUES(2,'0c90a035931c4553b95638a63763ba52',1,0.0,1.0,'2026-12-01 12:58:43.324828');
INSERT INTO "mark" VALUES(27,'1bd7d777d34f430c97b2665dd60f4e1d',1,0.0,1.0,'2026-12-01 12:58:43.324828');
INSERT INTO "mark" VALUES(1,'0ed904759531985d5d9dc9f81818e811',2,NULL,NULL,'2026-12-01 12:58:43.324828');
INSERT INTO "mark" VALUES(1,'d3ac94af0f21ddb66cad4a268d116ece',2,NULL,NULL,'2026-12-01 12:58:43.324828');
INSERT INTO "mark" VALUES(3,'bd0561e6211c70cf49952399c4aaeac1',2,NULL,NULL,'2026-12-01 12:58:43.324828');
INSERT INTO "mark" VALUES(5,'80b0c08bc77024208aa4248c8857f9a4',2,NULL,NULL,'2026-12-01 12:58:43.324828');
INSERT INTO "mark" VALUES(6,'070d710920859634fe3c9c8f2b855c1f',2,NULL,NULL,'2026-12-01 12:58:43.324828');
INSERT INTO "mark" VALUES(7,'c8c614b27b8444d18e31704187ddaeb7',2,NULL,NULL,'2026-12-01 12:58:43.324828');
INSERT INTO "mark" VALUES(7,'8fcd7f4073c1cd2c81f98b521905d591',2,NULL,NULL,'2026-12-01 12:58:43.324828');
INSERT INTO "mark" VALUES(8,'518ae4525b4b1b75321c52966bd8c676',2,NULL,NULL,'2026-12-01 12:58:43.324828');
INSERT INTO "mark" VALUES(11,'99498ac4482cc78ef88ede10aba8b9b3',2,NULL,NULL,'2026-12-01 12:58:43.324828');
INSERT INTO "mark" VALUES(11,'54348156f637a4685d385e064363e5d9',2,NULL,NULL,'2026-12-01 12:58:43.324828');
INSERT INTO "mark" VALUES(12,'d329d65c0b35b1de250e7b34a4aa07b4',2,NULL,NULL,'2026-12-01 12:58:43.324828');
INSERT INTO "mark" VALUES(12,'c0bbe6ed8614f504e8ee65a123a9a9da',2,NULL,NULL,'2026-12-01 12:58:43.324828');
INSERT INTO "mark" VALUES(13,'a6caf4a341023aed54ef125a25bda659',2,NULL,NULL,'2026-12-01 12:58:43.324828');
INSERT INTO "mark" VALUES(13,'197a14e2ac084ba5f8f659ac44ce4ab3',2,NULL,NULL,'2026-12-01 12:58:43.324828');
INSERT INTO "mark" VALUES(14,'24056360ba28a6794d4ca9c767c98fb9',2,NULL,NULL,'2026-12-01 12:58:43.324828');
INSERT INTO "mark" VALUES(16,'e322e96d33bf915791d277f2cf321d63',2,NULL,NULL,'2026-12-01 12:58:43.324828');
INSERT INTO "mark" VALUES(18,'6b86290ba5acd341aca99fd0e2856ec6',2,NULL,NULL,'2026-12-01 12:58:43.324828');
INSERT INTO "mark" VALUES(20,'76cc057308ec379a602533dc0a68013d',2,NULL,NULL,'2026-12-01 12:58:43.324828');
INSERT INTO "mark" VALUES(21,'023a80a22ed51b127f1d490eed97ec76',2,NULL,NULL,'2026-12-01 12:58:43.324828');
INSERT INTO "mark" VALUES(22,'2f8c6c083f5783ea707c5f3d32fe1f36',2,NULL,NULL,'2026-12-01 12:58:43.324828');
INSERT INTO "mark" VALUES(24,'5b7042dfe239d3d79107756fbece7145',2,NULL,NULL,'2026-12-01 12:58:43.324828');
INSERT INTO "mark" VALUES(4,'c3f1f7dba55b4ccbaa09929904c8c5a0',1,0.0,1.0,'2026-12-01 12:58:43.845433');
CREATE TABLE outgoing_mail (
	id INTEGER NOT NULL, 
	recipient VARCHAR(254) NOT NULL, 
	kind VARCHAR(20) NOT NULL, 
	network VARCHAR(64) NOT NULL, 
	subject TEXT NOT NULL, 
	body TEXT NOT NULL, 
	nonce VARCHAR(64) NOT NULL, 
	message_id VARCHAR(255) NOT NULL, 
	mail_token_id INTEGER, 
	created_at DATETIME NOT NULL, 
	expires_at DATETIME NOT NULL, 
	attempts INTEGER NOT NULL, 
	next_attempt_at DATETIME NOT NULL, 
	claimed_until DATETIME, 
	sent_at DATETIME, 
	failed_at DATETIME, 
	error VARCHAR(200), 
	CONSTRAINT pk_outgoing_mail PRIMARY KEY (id), 
	CONSTRAINT fk_outgoing_mail_mail_token_id_mail_token FOREIGN KEY(mail_token_id) REFERENCES mail_token (id) ON DELETE SET NULL
);
CREATE TABLE outline (
	number INTEGER NOT NULL, 
	lessons JSON NOT NULL, 
	published_at DATETIME NOT NULL, 
	CONSTRAINT pk_outline PRIMARY KEY (number)
);
INSERT INTO "outline" VALUES(1,'["one/first", "one/second", "two/old-name", "two/gone"]','2026-12-01 12:58:39.629400');
INSERT INTO "outline" VALUES(2,'["one/first", "one/second", "two/old-name"]','2026-12-01 12:58:43.324828');
CREATE TABLE publication (
	number INTEGER NOT NULL, 
	published_at DATETIME NOT NULL, 
	published_by VARCHAR(200) NOT NULL, 
	"commit" VARCHAR(64) NOT NULL, 
	report JSON NOT NULL, 
	undone_at DATETIME, 
	undone_by VARCHAR(200), entries JSON, 
	CONSTRAINT pk_publication PRIMARY KEY (number)
);
INSERT INTO "publication" VALUES(1,'2026-12-01 12:58:39.629400','Ada <ada@example.org>','199aea53af61ecca1540db5747a5b5902ef90cb8','{"up": 0, "down": 0, "void": 0, "same": 0, "gone": 0, "unknown": 0, "to_right": 0, "from_right": 0, "questions": 9}',NULL,NULL,'{}');
INSERT INTO "publication" VALUES(2,'2026-12-01 12:58:43.324828','Ada <ada@example.org>','ece84476f418c4d4014975c64662a8f576aff197','{"up": 6, "down": 16, "void": 21, "same": 31, "gone": 0, "unknown": 0, "to_right": 6, "from_right": 16, "questions": 6}',NULL,NULL,'{"capital": [["88f0a8e", "66ca0d0", "regrade"]], "even": [["6551819", "7e9ae8c", "void"]], "sorted": [["18a9c57", "a72b728", "keep"]]}');
INSERT INTO "publication" VALUES(3,'2026-12-01 12:58:44.642702','Ada <ada@example.org>','8cd2bb3481c9243a1bda739e8961f5a9db0a0e50','{"up": 0, "down": 0, "void": 0, "same": 19, "gone": 0, "unknown": 0, "to_right": 0, "from_right": 0, "questions": 1}','2026-12-01 12:58:44.778378','Ada <ada@example.org>','{"capital": [["88f0a8e", "66ca0d0", "regrade"]], "even": [["6551819", "7e9ae8c", "void"]], "sorted": [["18a9c57", "a72b728", "keep"]], "sum": [["9855b83", "dd34d9b", "re-ask"]]}');
INSERT INTO "publication" VALUES(4,'2026-12-01 12:58:45.317397','Ada <ada@example.org>','e7ec35bfe66fb749d902cee2c020f092d1864b35','{"up": 0, "down": 0, "void": 0, "same": 0, "gone": 0, "unknown": 0, "to_right": 0, "from_right": 0, "questions": 0}',NULL,NULL,'{"capital": [["88f0a8e", "66ca0d0", "regrade"]], "even": [["6551819", "7e9ae8c", "void"]], "sorted": [["18a9c57", "a72b728", "keep"]]}');
CREATE TABLE question_revision (
	id INTEGER NOT NULL, 
	question VARCHAR(120) NOT NULL, 
	revision VARCHAR(16) NOT NULL, 
	wording VARCHAR(16) NOT NULL, 
	content JSON NOT NULL, 
	published_at DATETIME NOT NULL, 
	CONSTRAINT pk_question_revision PRIMARY KEY (id), 
	CONSTRAINT uq_question_revision_question_revision_wording UNIQUE (question, revision, wording)
);
INSERT INTO "question_revision" VALUES(1,'capital','88f0a8e47e4d4a58','80645fa4eaccab49','{"type": "single", "id": "capital", "objective": "know", "prompt": "What is the capital of Australia?", "explanation": "Canberra was founded to be the capital.", "options": [{"text": "Sydney", "correct": true, "feedback": "The largest city."}, {"text": "Canberra", "feedback": "Built for it."}, {"text": "Melbourne", "feedback": "It was until 1927."}]}','2026-12-01 12:58:39.629400');
INSERT INTO "question_revision" VALUES(2,'even','6551819cdda07471','5f0ab37c1c8d9172','{"type": "multiple", "id": "even", "objective": "know", "prompt": "Which are even? Choose all that apply.", "explanation": "Even numbers halve.", "points": 2.0, "options": [{"text": "2", "correct": true}, {"text": "4", "correct": true}, {"text": "zero", "correct": true}, {"text": "5"}]}','2026-12-01 12:58:39.629400');
INSERT INTO "question_revision" VALUES(3,'comma','6a3a8f64a1dd62e0','f31ca1be7f85760c','{"type": "single", "id": "comma", "objective": "know", "prompt": "If it rains what do you take?", "explanation": "It keeps you dry.", "options": [{"text": "An umbrella", "correct": true}, {"text": "A spoon"}]}','2026-12-01 12:58:39.629400');
INSERT INTO "question_revision" VALUES(4,'wander','2bb73ff7a7763e89','558409bca05dc6a4','{"type": "numeric", "id": "wander", "objective": "know", "prompt": "How many days has a week?", "explanation": "Seven.", "answer": 7.0}','2026-12-01 12:58:39.629400');
INSERT INTO "question_revision" VALUES(5,'colour','07aefe012cdaf70a','718918c657626931','{"type": "blank", "id": "colour", "objective": "know", "prompt": "The clear sky is [[colour]].", "explanation": "Blue light scatters most.", "blanks": {"colour": {"accept": ["blue"]}}}','2026-12-01 12:58:39.629400');
INSERT INTO "question_revision" VALUES(6,'sorted','18a9c5701e790bef','8378c0ee91cced80','{"type": "order", "id": "sorted", "objective": "know", "prompt": "From small to large.", "explanation": "By weight.", "items": [{"text": "ant"}, {"text": "cat"}, {"text": "cow"}]}','2026-12-01 12:58:39.629400');
INSERT INTO "question_revision" VALUES(7,'sum','9855b832af96ff71','b9862f5664739f15','{"type": "single", "id": "sum", "objective": "know", "prompt": "One plus one?", "explanation": "Add them.", "options": [{"text": "Two", "correct": true}, {"text": "Three"}]}','2026-12-01 12:58:39.629400');
INSERT INTO "question_revision" VALUES(8,'why','a43ce0abe72bc3f0','211f265c2fc38a07','{"type": "text", "id": "why", "objective": "know", "prompt": "Say why you learn.", "explanation": "Reasons help.", "checklist": ["It gives a reason"]}','2026-12-01 12:58:39.629400');
INSERT INTO "question_revision" VALUES(9,'last-one','1bb09c11c52153c2','e4f92cb3bad679b8','{"type": "single", "id": "last-one", "objective": "know", "prompt": "Is this the end?", "explanation": "It is.", "options": [{"text": "Yes", "correct": true}, {"text": "No"}]}','2026-12-01 12:58:39.629400');
INSERT INTO "question_revision" VALUES(10,'capital','66ca0d03d00e7847','68fb087c9b895410','{"type": "single", "id": "capital", "objective": "know", "prompt": "What is the capital of Australia?", "explanation": "Canberra was founded to be the capital.", "options": [{"text": "Sydney", "feedback": "The largest city."}, {"text": "Canberra", "correct": true, "feedback": "Built for it."}, {"text": "Melbourne", "feedback": "It was until 1927."}]}','2026-12-01 12:58:43.324828');
INSERT INTO "question_revision" VALUES(11,'even','7e9ae8cddbe8d686','2768ad82446effe3','{"type": "multiple", "id": "even", "objective": "know", "prompt": "Which are even? Choose all that apply.", "explanation": "Even numbers halve.", "points": 2.0, "options": [{"text": "2", "correct": true}, {"text": "4", "correct": true}, {"text": "5"}]}','2026-12-01 12:58:43.324828');
INSERT INTO "question_revision" VALUES(12,'comma','2f29dd76b00c9cf4','b2ff61661f7e2d79','{"type": "single", "id": "comma", "objective": "know", "prompt": "If it rains, what do you take?", "explanation": "It keeps you dry.", "options": [{"text": "An umbrella", "correct": true}, {"text": "A spoon"}]}','2026-12-01 12:58:43.324828');
INSERT INTO "question_revision" VALUES(13,'sorted','a72b728901d4972a','03ff2b444edd95ca','{"type": "order", "id": "sorted", "objective": "know", "prompt": "From small to large.", "explanation": "By weight.", "points": 2.0, "items": [{"text": "ant"}, {"text": "cat"}, {"text": "cow"}]}','2026-12-01 12:58:43.324828');
INSERT INTO "question_revision" VALUES(14,'sum','dd34d9bdc1542785','17784356501d36e4','{"type": "single", "id": "sum", "objective": "know", "prompt": "One plus one?", "explanation": "Add them.", "options": [{"text": "Two"}, {"text": "Three", "correct": true}]}','2026-12-01 12:58:44.642702');
CREATE TABLE rate_limit (
	name VARCHAR(64) NOT NULL, 
	count INTEGER NOT NULL, 
	ends_at DATETIME NOT NULL, 
	CONSTRAINT pk_rate_limit PRIMARY KEY (name)
);
CREATE TABLE sign_in (
	id INTEGER NOT NULL, 
	learner_id INTEGER NOT NULL, 
	token_hash VARCHAR(64) NOT NULL, 
	browser VARCHAR(200) NOT NULL, 
	created_at DATETIME NOT NULL, 
	last_seen_at DATETIME NOT NULL, 
	ended_at DATETIME, 
	CONSTRAINT pk_sign_in PRIMARY KEY (id), 
	CONSTRAINT fk_sign_in_learner_id_learner FOREIGN KEY(learner_id) REFERENCES learner (id) ON DELETE CASCADE, 
	CONSTRAINT uq_sign_in_token_hash UNIQUE (token_hash)
);
INSERT INTO "sign_in" VALUES(1,1,'1116d145f8366def0864e52bd37a0e6649a5af6c4ccc5203ef9946356ec427a1','Firefox/1','2026-12-01 12:58:40.718142','2026-12-01 12:58:40.718144',NULL);
INSERT INTO "sign_in" VALUES(2,2,'350b5af342f21e8d8dab7bfbf0de64e6b024bbeaa8a071a88d22c0fd531be498','Firefox/1','2026-12-01 12:58:40.748562','2026-12-01 12:58:40.748567',NULL);
INSERT INTO "sign_in" VALUES(3,3,'7ade40bb999bce1b50ea1acda08f18243f687d720b347851cd469aa17b0708e8','Firefox/1','2026-12-01 12:58:40.758645','2026-12-01 12:58:40.758648',NULL);
INSERT INTO "sign_in" VALUES(4,4,'77a5a2779c54a6d6d3ab1a91edfa63547989e4f3ab3e13cad6e301b43fee5072','Firefox/1','2026-12-01 12:58:40.761130','2026-12-01 12:58:40.761131',NULL);
INSERT INTO "sign_in" VALUES(5,5,'f9dc5ef28f97e378312c41fc07075e6e34d1cd18a49132375d3b21a73fa00c02','Firefox/1','2026-12-01 12:58:40.762910','2026-12-01 12:58:40.762911',NULL);
INSERT INTO "sign_in" VALUES(6,6,'b7175f80750f41844cd5d9a4565556513821052554357f9a956e95ca4308fb6c','Firefox/1','2026-12-01 12:58:40.773158','2026-12-01 12:58:40.773160',NULL);
INSERT INTO "sign_in" VALUES(7,26,'2a900fbfcee95a3513b6bda0cc898e8a02524f2eae1de98c78149640dfe5dc5a','Safari/1','2026-12-01 12:58:40.801413','2026-12-01 12:58:40.801414','2026-12-01 12:58:40.833682');
INSERT INTO "sign_in" VALUES(8,2,'c47b72d03ce741f0dd614a75d94bb7c4849b6cf9cdf93441620c5771d9e509fb','Safari/1','2026-12-01 12:58:40.862807','2026-12-01 12:58:40.862810',NULL);
CREATE INDEX ix_learner_merged_into ON learner (merged_into);
CREATE INDEX ix_mail_token_learner_id ON mail_token (learner_id);
CREATE INDEX ix_mail_token_mail ON mail_token (mail);
CREATE INDEX ix_sign_in_learner_id ON sign_in (learner_id);
CREATE INDEX ix_answer_question_recorded_at ON answer (question, recorded_at);
CREATE INDEX ix_answer_question_revision_id ON answer (question_revision_id);
CREATE INDEX ix_mark_decision_id ON mark (decision_id);
CREATE INDEX ix_outgoing_mail_recipient_created_at ON outgoing_mail (recipient, created_at);
CREATE INDEX ix_outgoing_mail_network_created_at ON outgoing_mail (network, created_at);
CREATE INDEX ix_outgoing_mail_next_attempt_at ON outgoing_mail (next_attempt_at);
CREATE INDEX ix_outgoing_mail_mail_token_id ON outgoing_mail (mail_token_id);
CREATE INDEX ix_rate_limit_ends_at ON rate_limit (ends_at);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('learner',27);
COMMIT;
